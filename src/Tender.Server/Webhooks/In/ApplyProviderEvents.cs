using System.Text.Json;
using Tender.Domain.Providers;
using Tender.Providers;
using Tender.Server.Connections;
using Tender.Server.Events;
using Tender.Server.Hosting;
using Tender.Server.Payments;
using Tender.Server.Tenancy;

namespace Tender.Server.Webhooks.In;

/// <summary>Applies stored webhooks until each is done, once in effect and in any order.</summary>
internal sealed partial class ApplyProviderEvents(
    AllProviders providers, OpenAccount accounts, PlatformAccounts platform, ReadConnections connections, ProviderGateway gateway,
    RecordReport record, TimeProvider time, ILogger<ApplyProviderEvents> log) : ITenantWork
{
    private const int AtOnceMax = 32;
    private const int TriesMax = 20;
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(40);

    public async Task<DateTimeOffset?> RunAsync(TenantDb db, CancellationToken cancellation)
    {
        IReadOnlyList<Waiting> taken;
        do
        {
            taken = await TakeAsync(db, cancellation);
            await Task.WhenAll(taken.Select(waiting => OneAsync(db, waiting, cancellation)));
        }
        while (taken.Count is AtOnceMax);

        return await db.QuerySingleOrDefaultAsync<DateTimeOffset?>("select min(next_at) from provider_events where next_at is not null", null, cancellation);
    }

    private Task<IReadOnlyList<Waiting>> TakeAsync(TenantDb db, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        return db.QueryAsync<Waiting>("""
            update provider_events e set tries = tries + 1, next_at = @until
            from (select connection_id, event_id from provider_events where next_at <= @now order by next_at limit @AtOnceMax for update skip locked) due
            where e.connection_id = due.connection_id and e.event_id = due.event_id
            returning e.connection_id, e.event_id, e.headers::text as headers, e.body, e.received_at, e.tries
            """, new { now, until = now + Lease, AtOnceMax }, cancellation);
    }

    private async Task OneAsync(TenantDb db, Waiting waiting, CancellationToken cancellation)
    {
        try
        {
            await ApplyAsync(db, waiting, cancellation);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // Whatever went wrong, the event is stored and comes up again; a person sees it when it never works.
            LogFailed(waiting.EventId, waiting.Tries, e);
            var again = waiting.Tries < TriesMax ? time.GetUtcNow() + TimeSpan.FromSeconds(Math.Min(600, Math.Pow(2, waiting.Tries))) : (DateTimeOffset?)null;
            await db.ExecuteAsync("update provider_events set next_at = @again, outcome = @Outcome where connection_id = @ConnectionId and event_id = @EventId",
                new { again, Outcome = again is null ? "failed" : null, waiting.ConnectionId, waiting.EventId }, cancellation);
        }
    }

    private async Task ApplyAsync(TenantDb db, Waiting waiting, CancellationToken cancellation)
    {
        var reading = await ReadAsync(db, waiting, cancellation);
        var (references, ids) = reading switch
        {
            WebhookReading.States states => (References(states.Reports), [.. states.Reports.Select(r => r.ProviderPaymentId)]),
            WebhookReading.AskAbout about => (new[] { about.Reference ?? "" }, new[] { about.ProviderPaymentId ?? "" }),
            _ => ([], Array.Empty<string>()),
        };
        // Metadata is the account's own words: an event on another account than the attempt's connection proves nothing about it.
        var target = await db.QuerySingleOrDefaultAsync<Target>("""
            select a.id as attempt_id, a.payment_id, a.connection_id from attempts a join connections c on c.id = a.connection_id
            where (a.id = any(@references) or a.provider_payment_id = any(@ids))
              and (a.connection_id = @ConnectionId or (@IsPlatform and (@AccountId::text is null or c.account_id = @AccountId)))
            order by a.started_at limit 1
            """, new { references, ids, waiting.ConnectionId, IsPlatform = PlatformAccounts.IsPlatform(waiting.ConnectionId), reading.AccountId }, cancellation);

        if (target is null)
        {
            await db.WriteAsync(new Batch().Add(DoneSql, Done(waiting, null, "not_ours")), cancellation);
            return;
        }

        var reports = reading is WebhookReading.States said ? said.Reports : await AskAsync(db, target, cancellation);
        await record.RunAsync(db, target.PaymentId, target.AttemptId, reports, "webhook", cancellation,
            (batch, _) => batch.Add(DoneSql, Done(waiting, target.PaymentId, "applied")));
    }

    private async Task<WebhookReading> ReadAsync(TenantDb db, Waiting waiting, CancellationToken cancellation)
    {
        var delivery = new WebhookDelivery(waiting.Body, JsonSerializer.Deserialize<Dictionary<string, string>>(waiting.Headers, Json.Options)!, waiting.ReceivedAt);
        if (PlatformAccounts.ProviderOf(waiting.ConnectionId) is { } code) return providers.Find(code)!.Read(delivery, platform.Find(code)!);
        var connection = await connections.FindAsync(db, waiting.ConnectionId, cancellation);
        return connection is null
            ? new WebhookReading.Irrelevant(waiting.EventId, "its connection is gone")
            : providers.Find(connection.Provider)!.Read(delivery, await accounts.RunAsync(db, waiting.ConnectionId, cancellation));
    }

    private async Task<IReadOnlyList<ProviderReport>> AskAsync(TenantDb db, Target target, CancellationToken cancellation)
    {
        var connection = await connections.FindAsync(db, target.ConnectionId, cancellation);
        var payment = await ReadPayment.RunAsync(db, target.PaymentId, cancellation);
        var answer = await gateway.AskAsync(db, connection!, payment!.Lookup(payment.Payment.Attempts.First(a => a.Id == target.AttemptId)), cancellation);
        return answer is ProviderAnswer.Reported { Reports: var reports } ? reports : throw new TimeoutException("the provider did not say how the payment stands");
    }

    private static string[] References(IEnumerable<ProviderReport> reports) =>
        [.. reports.OfType<PaymentReport>().Select(r => r.Reference).OfType<string>()];

    private const string DoneSql = """
        update provider_events set applied_at = @Now, next_at = null, payment_id = @PaymentId, outcome = @Outcome
        where connection_id = @ConnectionId and event_id = @EventId
        """;

    private DoneValues Done(Waiting waiting, string? paymentId, string outcome) =>
        new DoneValues(time.GetUtcNow(), paymentId, outcome, waiting.ConnectionId, waiting.EventId);

    [LoggerMessage(301, LogLevel.Error, "the provider's event {Event} could not be applied, try {Tries}")]
    private partial void LogFailed(string @event, int tries, Exception exception);

    private sealed record DoneValues(DateTimeOffset Now, string? PaymentId, string Outcome, string ConnectionId, string EventId);

    private sealed record Waiting(string ConnectionId, string EventId, string Headers, byte[] Body, DateTimeOffset ReceivedAt, int Tries);

    private sealed record Target(string AttemptId, string PaymentId, string ConnectionId);
}
