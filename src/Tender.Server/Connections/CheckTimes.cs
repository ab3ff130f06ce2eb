namespace Tender.Server.Connections;

/// <summary>When a connection is checked again: often while payments go through it or it is unwell, rarely while nobody uses it.</summary>
internal static class CheckTimes
{
    /// <summary>After it was made or changed.</summary>
    public static readonly TimeSpan Soon = TimeSpan.FromMinutes(5);

    private static readonly TimeSpan InUse = TimeSpan.FromDays(1);

    public static TimeSpan After(string status, TimeSpan? unusedFor) => (status, unusedFor < InUse) switch
    {
        ("healthy", true) => Soon,
        ("healthy", false) => TimeSpan.FromHours(6),
        (_, true) => TimeSpan.FromMinutes(1),
        (_, false) => TimeSpan.FromHours(1),
    };
}
