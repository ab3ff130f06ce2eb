using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Tender.Domain.Amounts;
using Tender.Domain.Providers;
using Tender.Server.Hosting;
using Tender.Server.Members;
using Tender.Server.Tenancy;

namespace Tender.Server.Payments;

/// <summary>POST /api/payments: a payment through routing, for callers that sell nothing of ours. The payer is sent to the provider's page, or shown its form.</summary>
internal sealed class CreatePayment(StartPayment start, Ids ids, TimeProvider time)
{
    /// <summary>What a payment made here is for.</summary>
    public const string Purpose = "api";

    // Under the 24 h a provider's page lives at most, so that a repeated start asks for the same end.
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(23);

    public async Task<IResult> RunAsync(TenantDb db, Request request, Caller caller, IdempotentCall? call, CancellationToken cancellation)
    {
        if (call?.Resumes is { } resumes && await ReadPayment.RunAsync(db, resumes, cancellation) is { } cutOff)
            return Answer(cutOff.Id, await start.ResumeAsync(db, cutOff, cancellation));

        var isHosted = request.Presentation is null or "hosted";
        if (isHosted && request.ReturnUrl is null) return Problem.Invalid("returnUrl", "The provider's own page needs an address to send the payer back to.");

        var id = ids.New("pay", db.Tenant.Code);
        var asked = new SumAsked(
            id, caller.Mode, new(request.Amount, Currency.Of(request.Currency)), Purpose, null, request.Description ?? "Payment", request.PayerEmail?.Trim(),
            request.PayerName, isHosted ? Presentation.Hosted : Presentation.Embedded, request.Capture is "manual", request.ReturnUrl,
            request.CancelUrl ?? request.ReturnUrl, time.GetUtcNow() + Lifetime, request.Metadata ?? []);
        return Answer(id, await start.RunAsync(db, asked, cancellation, batch => call?.Claim(batch, id)));
    }

    private static IResult Answer(string id, Started started) => started switch
    {
        Started.AwaitingPayer { Payment: var payment, Shown: var shown } => Results.Created($"/api/payments/{id}", new PaymentStarted(
            payment.Id, payment.Payment.Status.ToWord(), payment.Payment.Amount.Minor, payment.Payment.Amount.Currency.Code, shown.Provider, payment.Terms.ExpiresAt,
            (shown.Action as PayerAction.Redirect)?.Page.ToString(), (shown.Action as PayerAction.Embed)?.ClientSecret, (shown.Action as PayerAction.Embed)?.PublishableKey)),
        Started.Settled { Payment: var payment } => Results.Created($"/api/payments/{id}", Settled(payment)),
        _ => PaymentAnswers.NotStarted(started),
    };

    private static PaymentStarted Settled(StoredPayment payment) => new(
        payment.Id, payment.Payment.Status.ToWord(), payment.Payment.Amount.Minor, payment.Payment.Amount.Currency.Code, Provider: null, payment.Terms.ExpiresAt,
        Url: null, ClientSecret: null, PublishableKey: null);

    /// <param name="Amount">In the currency's minor unit.</param>
    /// <param name="Presentation">hosted (the provider's page; the default) or embedded (its form).</param>
    /// <param name="Capture">automatic (the default) or manual: the money is held until POST …/capture.</param>
    [JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
    public sealed record Request(
        [Sum] long Amount, [Required, KnownCurrency] string Currency, [StringLength(500)] string? Description,
        [PlainMailAddress, StringLength(254)] string? PayerEmail, [StringLength(200)] string? PayerName, [OneOf("hosted", "embedded")] string? Presentation,
        [OneOf("automatic", "manual")] string? Capture, [WebAddress] string? ReturnUrl, [WebAddress] string? CancelUrl,
        [MetadataLimits] Dictionary<string, string>? Metadata);
}
