using System.Globalization;

namespace Tender.Server.Fulfilment.Papers;

/// <summary>How days and addresses are written on paper.</summary>
internal static class Paper
{
    public static string Day(DateTimeOffset at) => at.UtcDateTime.ToString("d MMMM yyyy", CultureInfo.InvariantCulture);

    /// <summary>An address of several lines in one.</summary>
    public static string OneLine(string address) =>
        string.Join(", ", address.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));
}
