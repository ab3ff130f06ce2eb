using System.Net;
using System.Text.Json;

namespace Tender.Server.Commands.Demo;

/// <summary>What every surface's part of the tour does alike.</summary>
internal static class TourCalls
{
    /// <summary>The answer's JSON, when its status is the expected one.</summary>
    public static async Task<JsonElement> JsonAsync(HttpResponseMessage answer, HttpStatusCode expected, CancellationToken cancellation)
    {
        var text = await answer.Content.ReadAsStringAsync(cancellation);
        var said = text.Length is 0 ? default : JsonSerializer.Deserialize<JsonElement>(text);
        if (answer.StatusCode == expected) return said;
        var detail = said.ValueKind is JsonValueKind.Object && said.TryGetProperty("detail", out var why) ? why.GetString() : "";
        throw new TourException($"{(int)answer.StatusCode} instead of {(int)expected}: {detail}");
    }

    public static string Word(JsonElement element, string name) => element.GetProperty(name).GetString() ?? "";

    /// <summary>The payer's card, at the simulated provider; declined is an answer like any other.</summary>
    public static async Task PayAtSimulatorAsync(DemoFile demo, object what, CancellationToken cancellation)
    {
        using var simulator = new HttpClient { BaseAddress = new(demo.SimulatorsUrl) };
        using var answer = await simulator.PostAsJsonAsync("/_control/stripe/pay", what, cancellation);
        var isDecline = answer.StatusCode is HttpStatusCode.PaymentRequired;
        if (!answer.IsSuccessStatusCode && !isDecline) throw new TourException($"the simulator answered {(int)answer.StatusCode}");
    }
}

/// <summary>Something on the tour did not happen as it should.</summary>
internal sealed class TourException(string message) : Exception(message);
