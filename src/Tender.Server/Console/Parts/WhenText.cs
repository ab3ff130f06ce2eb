using System.Globalization;

namespace Tender.Server.Console.Parts;

/// <summary>How long ago, in as few letters as a table has room for. when.ts keeps the first day true while a page stays open.</summary>
public static class WhenText
{
    /// <summary>now · 2 m · 3 h · yesterday · 4 Nov · 4 Nov 2025; what lies ahead: in 2 m · in 3 h · on 4 Nov.</summary>
    public static string Relative(DateTimeOffset at, DateTimeOffset now)
    {
        var ago = now - at;
        if (ago < TimeSpan.Zero) return Ahead(at, now, ago.Negate());
        if (ago < TimeSpan.FromMinutes(1)) return "now";
        if (ago < TimeSpan.FromHours(1)) return $"{(int)ago.TotalMinutes} m";
        if (ago < TimeSpan.FromDays(1)) return $"{(int)ago.TotalHours} h";
        return at.UtcDateTime.Date == now.UtcDateTime.Date.AddDays(-1) ? "yesterday" : Day(at, now);
    }

    /// <summary>To the second, in UTC.</summary>
    public static string Exact(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);

    /// <summary>For the datetime attribute.</summary>
    public static string Machine(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    private static string Ahead(DateTimeOffset at, DateTimeOffset now, TimeSpan left)
    {
        if (left < TimeSpan.FromMinutes(1)) return $"in {Math.Max(1, (int)left.TotalSeconds)} s";
        if (left < TimeSpan.FromHours(1)) return $"in {(int)left.TotalMinutes} m";
        if (left < TimeSpan.FromDays(1)) return $"in {(int)left.TotalHours} h";
        return $"on {Day(at, now)}";
    }

    private static string Day(DateTimeOffset at, DateTimeOffset now) =>
        at.UtcDateTime.ToString(at.UtcDateTime.Year == now.UtcDateTime.Year ? "d MMM" : "d MMM yyyy", CultureInfo.InvariantCulture);
}
