using System.Globalization;

namespace Tender.Simulators;

/// <summary>What the command line may say.</summary>
/// <param name="Urls">Where to listen.</param>
/// <param name="Latency">Added to every API answer, like a network between us and the provider.</param>
/// <param name="SearchDelay">How long a new object stays out of search, which is never read-after-write.</param>
/// <param name="StateFile">Where to keep everything between two starts; nothing is kept without it.</param>
internal sealed record SimulatorOptions(string Urls, TimeSpan Latency, TimeSpan SearchDelay, string? StateFile)
{
    public static SimulatorOptions From(IConfiguration settings) => new(
        settings["urls"] ?? "http://127.0.0.1:3001",
        Milliseconds(settings, "latency-ms", 0),
        Milliseconds(settings, "search-delay-ms", 1000),
        settings["state"]);

    private static TimeSpan Milliseconds(IConfiguration settings, string name, double otherwise) =>
        TimeSpan.FromMilliseconds(settings[name] is { } text ? double.Parse(text, CultureInfo.InvariantCulture) : otherwise);
}
