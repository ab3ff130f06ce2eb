using System.Text.Json.Serialization;
using System.Text.RegularExpressions;

namespace Tender.Simulators.Faults;

/// <summary>One line of the fault script: what it fits, how often it strikes, and what then goes wrong.</summary>
internal sealed record Fault
{
    /// <summary>The name of what goes wrong; each simulator lists its own in docs/simulators.md.</summary>
    [JsonPropertyName("fault")]
    public required string Kind { get; init; }

    public FaultMatch Match { get; init; } = new();

    /// <summary>How often; 0 means until removed.</summary>
    public int Times { get; init; } = 1;

    public int? Ms { get; init; }

    public int? Status { get; init; }

    public string? Code { get; init; }

    public long? By { get; init; }

    /// <summary>Whether an invented error is kept under the idempotency key and replayed.</summary>
    public bool? Stored { get; init; }

    public int? Group { get; init; }

    public TimeSpan Delay(int otherwiseMs) => TimeSpan.FromMilliseconds(Ms ?? otherwiseMs);
}

/// <summary>What a fault fits; whatever is left out fits everything.</summary>
internal sealed record FaultMatch
{
    private static readonly TimeSpan PatternTime = TimeSpan.FromMilliseconds(100);

    public string? Method { get; init; }

    /// <summary>A regular expression on the path, without the simulator's prefix.</summary>
    public string? Path { get; init; }

    public string? IdempotencyKey { get; init; }

    public string? Account { get; init; }

    /// <summary>A regular expression on the type of a webhook's event.</summary>
    public string? Event { get; init; }

    public string? Endpoint { get; init; }

    public bool FitsCall(string method, string path, string? key, string account) =>
        (Method is null || string.Equals(Method, method, StringComparison.OrdinalIgnoreCase))
        && Fits(Path, path)
        && (IdempotencyKey is null || IdempotencyKey == key)
        && (Account is null || Account == account);

    public bool FitsDelivery(string eventType, string account, string endpoint) =>
        Fits(Event, eventType) && (Account is null || Account == account) && (Endpoint is null || Endpoint == endpoint);

    private static bool Fits(string? pattern, string text) =>
        pattern is null || Regex.IsMatch(text, pattern, RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking, PatternTime);
}
