using System.Net;
using System.Text.Json;
using Tender.Domain.Amounts;
using Tender.Domain.Providers;
using Tender.Tests.Server;

namespace Tender.Tests.Providers;

/// <summary>
/// What every provider must pass. A pupil brings its handler, genuine samples of its wire and the tables of its words; the questions are
/// the same for all. A handler that passes keeps the promises that the payment core is built on.
/// </summary>
public abstract partial class ProviderExam
{
    protected static readonly DateTimeOffset Now = TestClock.Noon;

    /// <summary>The handler under test, over a wire of the exam's choice.</summary>
    internal abstract IPaymentProvider Pupil(HttpMessageHandler wire);

    /// <summary>An account whose every secret is one of <see cref="Canaries"/>.</summary>
    protected abstract Account Account { get; }

    /// <summary>Secrets that must never come out: the account's, and those in the samples (client secrets, signing secrets).</summary>
    protected abstract IReadOnlyList<string> Canaries { get; }

    /// <summary>Genuine answers to each call, with <c>{amount}</c> and <c>{currency}</c> in the provider's own units where a sum stands.</summary>
    protected abstract ProviderSamples Samples { get; }

    /// <summary>Signs a webhook as the provider does.</summary>
    protected abstract WebhookDelivery Sign(string body, Secret secret, DateTimeOffset at);

    protected static PaymentRequest Request(Presentation presentation = Presentation.Embedded, Money? amount = null) => new(
        "att_exam_1", amount ?? new Money(4900, Currency.Of("eur")), "Two tickets & a “menu”", presentation, "bea@example.com", new("https://shop.example/ok?a=1&b=2"),
        new("https://shop.example/no"), Now.AddHours(2), CaptureLater: false,
        new Dictionary<string, string> { ["tender_tenant"] = "k3f9x2", ["tender_payment"] = "pay_k3f9x2_1" });

    protected PaymentLookup Lookup(Presentation presentation = Presentation.Embedded) => new("att_exam_1", Samples.PaymentId, presentation, Now);

    internal IPaymentProvider Pupil(params Func<SentRequest, HttpResponseMessage>[] script) => Pupil(new ScriptedWire(script));

    /// <summary>Each call a handler can be asked for, with the samples that answer it; those it cannot do answer null.</summary>
    internal IEnumerable<ExamCall> Calls()
    {
        yield return Call<IPaymentProvider>("start embedded", Only(Samples.StartedEmbedded), p => p.StartAsync(Request(), Account, default));
        yield return Call<IPaymentProvider>("start hosted", Only(Samples.StartedHosted), p => p.StartAsync(Request(Presentation.Hosted), Account, default));
        yield return Call<IPaymentProvider>("ask by id", [Samples.Paid], p => p.AskAsync(Lookup(), Account, default));
        yield return Call<IPaymentProvider>("ask by reference", Samples.Found, p => p.AskAsync(Lookup() with { ProviderPaymentId = null }, Account, default));
        yield return Call<ICancelPayments>("cancel", [Samples.Canceled], p => p.CancelAsync(Lookup(), CancelReason.Requested, Account, default));
        yield return Call<ICapturePayments>("capture", [Samples.Paid], p => p.CaptureAsync(Lookup(), Request().Amount, Account, default));
        yield return Call<IRefundPayments>("refund", [Samples.Refunded], p => p.RefundAsync(Refund, Account, default));
        yield return Call<IRefundPayments>("ask refunds", [Samples.Refunds], p => p.AskRefundsAsync(Lookup(), Account, default));
    }

    internal static ExamCall Call<TAbility>(string name, IReadOnlyList<string>? answers, Func<TAbility, Task<ProviderAnswer>> ask)
        where TAbility : class => new(name, answers, async pupil => pupil is TAbility able ? await ask(able) : null);

    private static IReadOnlyList<string>? Only(string? sample) => sample is null ? null : [sample];

    protected RefundRequest Refund => new("ref_exam_1", Samples.PaymentId, new Money(500, Currency.Of("eur")), "the show was called off");

    /// <summary>Runs one call on a wire that always answers the same; null when the handler cannot do it.</summary>
    internal async Task<ProviderAnswer?> RunAsync(ExamCall call, params Func<SentRequest, HttpResponseMessage>[] script)
    {
        var answer = await call.Run(Pupil(script));
        if (answer is not null) Inspect(answer, call.Name);
        return answer;
    }

    /// <summary>Looks through everything that could be logged or stored for a secret.</summary>
    protected void Inspect(object said, string about)
    {
        var text = string.Join('\n', Words(said));
        foreach (var canary in Canaries) text.ShouldNotContain(canary, Case.Sensitive, about);
    }

    // What the payer is given holds the payer's own token; all else must be fit for a log.
    private static IEnumerable<string> Words(object? said) => said switch
    {
        ProviderAnswer.AwaitingPayer awaiting => Words(awaiting.Report),
        ProviderAnswer.Reported reported => reported.Reports.SelectMany(Words),
        WebhookReading.States states => states.Reports.SelectMany(Words).Append(states.ToString()),
        ProviderReport report => [report.ToString(), report.Evidence ?? ""],
        Exception thrown => [thrown.ToString()],
        null => [],
        _ => [said.ToString()!, JsonSerializer.Serialize(said, said.GetType())],
    };
}

/// <summary>Genuine samples of a provider's wire.</summary>
/// <param name="PaymentId">The payment the samples are about.</param>
/// <param name="StartedEmbedded">The answer to a start with the provider's form; null where it has none.</param>
/// <param name="Found">The answers, in turn, to a question by our reference.</param>
/// <param name="Refunds">The answer to the question for refunds.</param>
/// <param name="Webhook">A genuine event that says the payment is paid.</param>
public sealed record ProviderSamples(
    string PaymentId, string? StartedEmbedded, string? StartedHosted, string Paid, IReadOnlyList<string> Found, string Canceled, string Refunded, string Refunds, string Webhook)
{
    /// <summary>The provider's no, for each HTTP status and body it may come with, and whether another connection may accept.</summary>
    public IReadOnlyList<(HttpStatusCode Status, string Body, bool Retriable)> Refusals { get; init; } = [];

    /// <summary>Answers that are errors, yet prove nothing about what was done.</summary>
    public IReadOnlyList<(HttpStatusCode Status, string Body)> Uncertain { get; init; } = [];

    /// <summary>Every word the provider has for a payment, in an answer to a question by its id.</summary>
    public IReadOnlyList<(string Id, string Body, ReportedStatus Means)> PaymentWords { get; init; } = [];

    /// <summary>Every word it has for a refund, in an answer to a refund.</summary>
    public IReadOnlyList<(string Body, ReportedRefundStatus Means)> RefundWords { get; init; } = [];

    /// <summary>Every webhook it may send: what is read in it.</summary>
    public IReadOnlyList<(string Body, Func<WebhookReading, bool> Fits)> Webhooks { get; init; } = [];

    /// <summary>What stands on the wire for our minor units; null where the provider cannot take the sum.</summary>
    public IReadOnlyList<(string Currency, long Minor, string? Wire)> Amounts { get; init; } = [];

    /// <summary>Reads the sum out of a request to start a payment.</summary>
    public required Func<string, string> WireAmount { get; init; }
}

/// <summary>One call of the exam, and the answers to the requests it makes, in turn; null where the provider has no such thing.</summary>
internal sealed record ExamCall(string Name, IReadOnlyList<string>? Answers, Func<IPaymentProvider, Task<ProviderAnswer?>> Run);
