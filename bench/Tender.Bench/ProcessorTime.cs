using System.Globalization;

namespace Tender.Bench;

/// <summary>Processor time that programs and their children have used. On a busy machine it says more than the clock does.</summary>
internal static class ProcessorTime
{
    // Linux counts it in hundredths of a second.
    private const double MillisecondsATick = 10;

    /// <summary>In milliseconds, since they began.</summary>
    public static double Of(int? processId) => processId is not { } parent ? 0 : Directory.EnumerateDirectories("/proc")
        .Select(folder => int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out _) ? Fields(folder) : null)
        .OfType<string[]>()
        .Where(fields => fields[0] == $"{parent}" || fields[3] == $"{parent}")
        .Sum(fields => fields[13..15].Concat(fields[0] == $"{parent}" ? fields[15..17] : []).Sum(ticks => double.Parse(ticks, CultureInfo.InvariantCulture))) * MillisecondsATick;

    /// <summary>All that the machine's processors have had since it began, and what of it the host gave to other machines.</summary>
    public static (long All, long Stolen) OfMachine()
    {
        // cpu user nice system idle iowait irq softirq steal, then what is in user and nice already.
        var ticks = File.ReadLines("/proc/stat").First().Split(' ', StringSplitOptions.RemoveEmptyEntries)[1..9].Select(field => long.Parse(field, CultureInfo.InvariantCulture)).ToList();
        return (ticks.Sum(), ticks[7]);
    }

    // The name, in parentheses, may hold spaces: what follows it is split.
    private static string[]? Fields(string folder)
    {
        try
        {
            var text = File.ReadAllText(Path.Combine(folder, "stat"));
            var end = text.LastIndexOf(')');
            return [text[..text.IndexOf(' ')], "", .. text[(end + 2)..].Split(' ')];
        }
        catch (IOException)
        {
            return null;
        }
    }
}
