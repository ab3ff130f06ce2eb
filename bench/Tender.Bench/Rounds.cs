using System.Globalization;

namespace Tender.Bench;

/// <summary>What each side reached in each round. Ratios are made within a round, where the machine was the same for both.</summary>
internal sealed class Rounds(params string[] sides)
{
    private readonly Dictionary<string, List<double>> reached = sides.ToDictionary(side => side, _ => new List<double>());

    public void Add(string side, Tally tally) => Add(side, tally.PerSecond);

    public void Add(string side, double value) => reached[side].Add(value);

    /// <param name="target">In words; null where there is none.</param>
    public Line Ratio(string measure, string over, string under, string? target = null, Func<double, bool>? holds = null)
    {
        var ratios = reached[over].Zip(reached[under], (a, b) => a / b).Order().ToList();
        var median = Median(ratios);
        return new(measure, Number(median), $"{Number(ratios[0])} to {Number(ratios[^1])}", target, holds?.Invoke(median),
            $"{over} {Rate(Median(reached[over]))}, {under} {Rate(Median(reached[under]))}");
    }

    public static double Median(IEnumerable<double> values) => Percentile([.. values.Order()], 0.5);

    /// <param name="ordered">Smallest first.</param>
    public static double Percentile(IReadOnlyList<double> ordered, double share)
    {
        var at = share * (ordered.Count - 1);
        var below = ordered[(int)at];
        return below + ((at - (int)at) * (ordered[Math.Min(ordered.Count - 1, (int)at + 1)] - below));
    }

    public static string Number(double ratio) => ratio.ToString(ratio >= 100 ? "0" : "0.00", CultureInfo.InvariantCulture);

    private static string Rate(double value) => value.ToString(value >= 100 ? "0" : "0.00", CultureInfo.InvariantCulture);
}

/// <summary>One line of the table.</summary>
/// <param name="Ratio">The median over the rounds.</param>
/// <param name="Holds">Null where there is no target, or nothing was measured.</param>
internal sealed record Line(string Measure, string Ratio, string Spread, string? Target, bool? Holds, string Absolute)
{
    public static Line Skipped(string measure, string target, string why) => new(measure, "skipped", "", target, null, why);
}
