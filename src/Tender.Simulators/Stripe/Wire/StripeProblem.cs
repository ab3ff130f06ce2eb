using System.Text.Json.Nodes;

namespace Tender.Simulators.Stripe.Wire;

/// <summary>An answer that is an error, in Stripe's shape.</summary>
internal sealed class StripeProblem(int status, string type, string message) : Exception(message)
{
    public int Status { get; } = status;

    public string Type { get; } = type;

    public string? Code { get; init; }

    public string? DeclineCode { get; init; }

    public string? AdviceCode { get; init; }

    public string? Param { get; init; }

    public string? Charge { get; init; }

    /// <summary>The payment or the card that the error speaks of, as it is shown inside the error.</summary>
    public Func<JsonNode?>? PaymentIntent { get; init; }

    public Func<JsonNode?>? PaymentMethod { get; init; }

    /// <summary>Whether the work had begun, so that the error is kept under the idempotency key.</summary>
    public bool IsStored { get; init; }

    public bool? ShouldRetry { get; init; }

    public static StripeProblem Missing(string param) => Invalid($"Missing required param: {param}.", param, "parameter_missing");

    public static StripeProblem Invalid(string message, string? param = null, string? code = null) =>
        new(400, "invalid_request_error", message) { Param = param, Code = code };

    public static StripeProblem NotFound(string kind, string id, string param = "id") =>
        new(404, "invalid_request_error", $"No such {kind}: '{id}'") { Code = "resource_missing", Param = param };

    /// <summary>Right call, wrong moment: stored, since the work had begun.</summary>
    public static StripeProblem WrongState(string message, string code, Func<JsonNode?>? paymentIntent = null) =>
        new(400, "invalid_request_error", message) { Code = code, PaymentIntent = paymentIntent, IsStored = true };

    /// <param name="requestId">Of the call that is refused.</param>
    /// <param name="asSeen">What the caller may see of a payment inside the error; everything when absent.</param>
    public StripeAnswer ToAnswer(string requestId, Func<JsonNode, JsonNode>? asSeen = null)
    {
        var error = new JsonObject { ["message"] = Message, ["type"] = Type };
        if (Code is not null) error["code"] = Code;
        if (Code is not null) error["doc_url"] = $"https://stripe.com/docs/error-codes/{Code.Replace('_', '-')}";
        if (DeclineCode is not null) error["decline_code"] = DeclineCode;
        if (AdviceCode is not null) error["advice_code"] = AdviceCode;
        if (Param is not null) error["param"] = Param;
        if (Charge is not null) error["charge"] = Charge;
        if (PaymentIntent?.Invoke() is { } intent) error["payment_intent"] = asSeen is null ? intent : asSeen(intent);
        if (PaymentMethod?.Invoke() is { } method) error["payment_method"] = method;
        error["request_log_url"] = $"https://dashboard.stripe.com/test/logs/{requestId}";
        return new(Status, StripeJson.Bytes(new JsonObject { ["error"] = error })) { ShouldRetry = ShouldRetry };
    }
}
