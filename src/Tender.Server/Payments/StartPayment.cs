using System.Text.Json;
using Tender.Domain.Amounts;
using Tender.Domain.Payments;
using Tender.Domain.Providers;
using Tender.Domain.Routing;
using Tender.Server.Connections;
using Tender.Server.Hosting;
using Tender.Server.Tenancy;

namespace Tender.Server.Payments;

/// <summary>
/// Asks a payer for a sum through the first connection that takes it on. The payment and each attempt are committed before the
/// provider is called, with our reference for the provider, so that a crash at any point leaves something to ask about.
/// </summary>
internal sealed class StartPayment(ChooseRoute routes, ProviderGateway gateway, NoteUse use, RecordReport record, PaymentEvents events, Ids ids, TimeProvider time)
{
    /// <summary>In a payment's metadata: the price of one connection's account that the sum was taken from. Every other connection is given the sum alone.</summary>
    public const string PriceKey = "tender_price";

    /// <summary>In a payment's metadata: the connection that keeps that price.</summary>
    public const string PriceOfKey = "tender_price_of";

    /// <param name="alsoFirst">The surface's own rows, committed with the payment.</param>
    /// <param name="onAnswer">The surface's own rows about what the payer is to be shown, committed with it.</param>
    public async Task<Started> RunAsync(TenantDb db, SumAsked asked, CancellationToken cancellation, Action<Batch>? alsoFirst = null, Action<Batch, Shown>? onAnswer = null)
    {
        var connections = await routes.CandidatesAsync(db, cancellation);
        var route = routes.Choose(asked, connections);
        if (route.ConnectionIds.Count is 0) return new Started.NothingServes(route.Verdicts);

        var payment = await OpenAsync(db, asked, route, connections, alsoFirst, cancellation);
        return await AlongAsync(db, payment, [.. route.ConnectionIds.Select(id => connections.First(c => c.Id == id))], onAnswer, cancellation);
    }

    /// <summary>Goes on with a payment whose start was cut off: the same attempt, the same reference, so nothing happens twice.</summary>
    public async Task<Started> ResumeAsync(TenantDb db, StoredPayment payment, CancellationToken cancellation, Action<Batch, Shown>? onAnswer = null)
    {
        var connections = await routes.CandidatesAsync(db, cancellation);
        var connection = connections.FirstOrDefault(c => c.Id == payment.Payment.Live?.ConnectionId);
        // Given up meanwhile, by us or by the clock: nobody asks about it any more, so nobody must be able to pay it.
        if (payment.Payment.Status.IsClosed() || payment.Payment.Live is not { Status: AttemptStatus.Prepared or AttemptStatus.Sent or AttemptStatus.Unknown or AttemptStatus.Pending })
            return new Started.NobodyAnswered("the first try was given up meanwhile");
        return connection is null
            ? new Started.Refused("the connection this payment began with is gone")
            : await AlongAsync(db, payment, [connection], onAnswer, cancellation);
    }

    private async Task<Started> AlongAsync(
        TenantDb db, StoredPayment payment, IReadOnlyList<ConnectionRow> connections, Action<Batch, Shown>? onAnswer, CancellationToken cancellation)
    {
        var reason = "no connection could take the payment";
        var allSaidNo = connections.Count > 0;
        for (var i = 0; i < connections.Count; i++)
        {
            var attempt = payment.Payment.Live!;
            var answer = await gateway.StartAsync(db, connections[i], RequestFor(db, payment, attempt), cancellation);
            switch (answer)
            {
                case ProviderAnswer.AwaitingPayer awaiting:
                    return await ShowAsync(db, payment, attempt, new(awaiting.Action, connections[i].Provider, awaiting.Report.ProviderPaymentId), awaiting.Report, onAnswer, cancellation);
                case ProviderAnswer.Reported { Reports: var reports }:
                    var after = await record.RunAsync(db, payment.Id, attempt.Id, reports, "answer", cancellation, known: payment);
                    return new Started.Settled(after!);
                case ProviderAnswer.Refused { Retriable: false, Reason: var final }:
                    await EndAsync(db, payment, attempt, AttemptStatus.Declined, final, null, cancellation);
                    return new Started.Refused(final);
            }

            var (status, why) = answer switch
            {
                ProviderAnswer.Refused refused => (AttemptStatus.Declined, refused.Reason),
                ProviderAnswer.NotReached missed => (AttemptStatus.NotSent, missed.Why),
                ProviderAnswer.Unknown unclear => (AttemptStatus.Abandoned, unclear.Why),
                _ => throw new Domain.BrokenRuleException($"no rule for {answer.GetType().Name}"),
            };
            reason = why;
            allSaidNo &= answer is ProviderAnswer.Refused;
            payment = await EndAsync(db, payment, attempt, status, why, i + 1 < connections.Count ? connections[i + 1] : null, cancellation);
        }

        return allSaidNo ? new Started.Refused(reason) : new Started.NobodyAnswered(reason);
    }

    private async Task<StoredPayment> OpenAsync(
        TenantDb db, SumAsked asked, RoutePlan route, IReadOnlyList<ConnectionRow> connections, Action<Batch>? alsoFirst, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var connection = connections.First(c => c.Id == route.ConnectionIds[0]);
        var attempt = new Attempt(ids.New("att", db.Tenant.Code), connection.Id, AttemptStatus.Prepared);
        var payment = new Payment(asked.PaymentId, asked.Amount, PaymentStatus.Created, [], false, 1).Sending(attempt);
        var stored = new StoredPayment(payment, asked.ToTerms(attempt.Id, now), [], []);

        var batch = new Batch();
        batch.AddNewPayment(stored, asked, JsonSerializer.Serialize(route.Verdicts, Json.Options), connection, now);
        batch.AddNewAttempt(stored.Id, payment.Live!, payment.Attempts.Count, connection, now);
        events.Add(batch, stored, "payment.created", now, new { chosen = connection.Name, verdicts = route.Verdicts });
        use.Add(batch, connection.Id);
        alsoFirst?.Invoke(batch);
        await db.WriteSharedAsync(batch, cancellation);
        return stored;
    }

    private async Task<Started> ShowAsync(
        TenantDb db, StoredPayment payment, Attempt attempt, Shown shown, PaymentReport report, Action<Batch, Shown>? onAnswer,
        CancellationToken cancellation)
    {
        var after = await record.RunAsync(db, payment.Id, attempt.Id, [report], "answer", cancellation,
            (batch, _) => onAnswer?.Invoke(batch, shown), payment, shown.Action);
        return new Started.AwaitingPayer(after!, shown);
    }

    // Notes how the attempt ended and, in the same batch, begins the next one or gives the payment up. Anything uncertain stays watched.
    private async Task<StoredPayment> EndAsync(
        TenantDb db, StoredPayment payment, Attempt attempt, AttemptStatus status, string why, ConnectionRow? next, CancellationToken cancellation)
    {
        var nextAttempt = next is null ? null : new Attempt(ids.New("att", db.Tenant.Code), next.Id, AttemptStatus.Prepared);
        var ended = await record.ChangeAsync(db, payment.Id, before =>
        {
            var after = before.Payment.Ended(attempt.Id, status);
            return nextAttempt is null
                ? before with { Payment = after.Close(PaymentStatus.Failed).After }
                : before with { Payment = after.Sending(nextAttempt), Terms = before.Terms.Started(nextAttempt.Id, time.GetUtcNow()) };
        }, new("answer", []), cancellation, (batch, after) =>
        {
            var now = time.GetUtcNow();
            batch.Add("update attempts set note = @why where id = @Id", new { attempt.Id, why });
            events.Add(batch, after, "attempt.ended", now, new { attempt = attempt.Id, status = status.ToWord(), why, next = next?.Name });
            if (next is null) return;
            batch.AddNewAttempt(payment.Id, after.Payment.Live!, after.Payment.Attempts.Count, next, now);
            use.Add(batch, next.Id);
        }, payment);
        return ended!;
    }

    private static PaymentRequest RequestFor(TenantDb db, StoredPayment payment, Attempt attempt)
    {
        var terms = payment.Terms;
        var metadata = new Dictionary<string, string>(terms.Metadata) { ["tender_tenant"] = db.Tenant.Code, ["tender_payment"] = payment.Id };
        return new(
            attempt.Id, payment.Payment.Amount, terms.Description, terms.Presentation, terms.PayerEmail, AsUri(terms.ReturnTo), AsUri(terms.CancelTo),
            terms.ExpiresAt, terms.CaptureLater, metadata, terms.Metadata.GetValueOrDefault(PriceOfKey) == attempt.ConnectionId ? terms.Metadata.GetValueOrDefault(PriceKey) : null);
    }

    private static Uri? AsUri(string? text) => text is null ? null : new(text, UriKind.Absolute);
}

/// <summary>A sum that somebody is to be asked for.</summary>
/// <param name="Metadata">Carried to the provider and back, as the caller gave it.</param>
internal sealed record SumAsked(
    string PaymentId, Mode Mode, Money Amount, string Purpose, string? PurposeId, string Description, string? PayerEmail, string? PayerName,
    Presentation Presentation, bool CaptureLater, string? ReturnTo, string? CancelTo, DateTimeOffset ExpiresAt,
    IReadOnlyDictionary<string, string> Metadata)
{
    public PaymentTerms ToTerms(string attemptId, DateTimeOffset now) => new(
        Mode, Purpose, PurposeId, Description, PayerEmail, PayerName, Presentation, CaptureLater, ReturnTo, CancelTo, now, ExpiresAt, Metadata,
        new Dictionary<string, DateTimeOffset> { [attemptId] = now });
}

/// <summary>What the payer is shown, and by which provider.</summary>
/// <param name="ProviderPaymentId">The provider's own id of it.</param>
internal sealed record Shown(PayerAction Action, string Provider, string ProviderPaymentId);

/// <summary>How starting a payment ended.</summary>
internal abstract record Started
{
    private Started()
    {
    }

    /// <summary>The payer has something to do.</summary>
    public sealed record AwaitingPayer(StoredPayment Payment, Shown Shown) : Started;

    /// <summary>The provider settled it at once.</summary>
    public sealed record Settled(StoredPayment Payment) : Started;

    /// <summary>No connection serves it; nothing was stored.</summary>
    public sealed record NothingServes(IReadOnlyList<Verdict> Verdicts) : Started;

    /// <summary>The provider said no for good, or each of several did.</summary>
    public sealed record Refused(string Reason) : Started;

    /// <summary>Every connection was tried; none took it on. Uncertain attempts are watched and closed.</summary>
    public sealed record NobodyAnswered(string Reason) : Started;
}
