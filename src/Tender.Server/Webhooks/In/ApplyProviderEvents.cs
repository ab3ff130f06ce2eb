using System.Collections.Concurrent;
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
    RecordReport record, Inbox inbox, Ids caseIds, TimeProvider time, ILogger<ApplyProviderEvents> log) : ITenantWork
{
    private const int AtOnceMax = 64;
    private const int TriesMax = 20;
    private static readonly TimeSpan LooksEvery = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan AwaitedFor = TimeSpan.FromMinutes(10);

    private readonly ConcurrentDictionary<string, DateTimeOffset> lookedAt = new(StringComparer.Ordinal);

    public Work Work => WorkKind.ProviderEvents;

    public int RoundsAtOnce => 4;

    public async Task<DateTimeOffset?> RunAsync(TenantDb db, CancellationToken cancellation)
    {
        if (await ApplyHandedAsync(db, cancellation) && lookedAt.TryGetValue(db.Tenant.Code, out var at) && at + LooksEvery is var next && next > time.GetUtcNow()) return next;

        lookedAt[db.Tenant.Code] = time.GetUtcNow();
        IReadOnlyList<Stored> taken;
        do
        {
            taken = await TakeAsync(db, cancellation);
            await ApplyAsync(db, await ReadAsync(db, taken, cancellation), cancellation);
        }
        while (taken.Count is AtOnceMax);

        return await db.QuerySingleOrDefaultAsync<DateTimeOffset?>("select min(next_at) from provider_events where next_at is not null", null, cancellation);
    }

    // False when there were none. What could not even be begun is left to the next round.
    private async Task<bool> ApplyHandedAsync(TenantDb db, CancellationToken cancellation)
    {
        var any = false;
        for (; inbox.TakeHanded(db, AtOnceMax) is { Count: > 0 } handed; any = true)
        {
            Received[] news = [.. handed.Select(one => new Received(new(one.Source, one.EventId, one.ReceivedAt, Tries: 1), one.Reading))];
            IReadOnlyDictionary<int, FindAttempts.Target> targets;
            try
            {
                targets = await FindAsync(db, news, cancellation);
            }
            catch
            {
                inbox.GiveBack(db, handed);
                throw;
            }

            await ApplyAsync(db, news, targets, cancellation);
        }

        return any;
    }

    // Not waited for until it is on disk: a lease that a crash forgets has the event applied again, which changes nothing.
    private Task<IReadOnlyList<Stored>> TakeAsync(TenantDb db, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        return db.QueryAsync<Stored>("""
            update provider_events e set tries = tries + 1, next_at = @until
            from (select connection_id, event_id from provider_events where next_at <= @now order by next_at limit @AtOnceMax for update skip locked) due,
                 (select set_config('synchronous_commit', 'off', true)) as unawaited
            where e.connection_id = due.connection_id and e.event_id = due.event_id
            returning e.connection_id, e.event_id, e.received_at, e.tries, e.headers::text as headers, e.body
            """, new { now, until = now + Inbox.Lease, AtOnceMax }, cancellation);
    }

    private async Task<IReadOnlyList<Received>> ReadAsync(TenantDb db, IReadOnlyList<Stored> taken, CancellationToken cancellation)
    {
        var read = new List<Received>();
        foreach (var one in taken)
        {
            await TryAsync(db, one.Waiting, async () => read.Add(new(one.Waiting, await ReadAsync(db, one, cancellation))), cancellation);
        }

        return read;
    }

    private async Task ApplyAsync(TenantDb db, IReadOnlyList<Received> news, CancellationToken cancellation) => await ApplyAsync(db, news, await FindAsync(db, news, cancellation), cancellation);

    private static Task<IReadOnlyDictionary<int, FindAttempts.Target>> FindAsync(TenantDb db, IReadOnlyList<Received> news, CancellationToken cancellation) =>
        FindAttempts.RunAsync(db, [.. news.Select(one => (one.Waiting.ConnectionId, one.Reading))], cancellation);

    // Most events of an account are about nothing of ours: those are found out, and put away, all at once.
    private async Task ApplyAsync(TenantDb db, IReadOnlyList<Received> news, IReadOnlyDictionary<int, FindAttempts.Target> targets, CancellationToken cancellation)
    {
        var nobodys = news.Where((_, place) => !targets.ContainsKey(place)).ToLookup(MayStillBeOurs, one => one.Waiting);
        await Task.WhenAll(targets.Values.GroupBy(target => target.PaymentId).Select(OfOnePaymentAsync));
        if (nobodys.Contains(false)) await PutAwayAsync(db, [.. nobodys[false]], cancellation);
        if (nobodys.Contains(true)) await PutOffAsync(db, [.. nobodys[true]], cancellation);

        // One after the other: each of them would find that another was faster. What was read before the first is old for the next.
        async Task OfOnePaymentAsync(IEnumerable<FindAttempts.Target> ofOne)
        {
            var read = true;
            foreach (var target in ofOne)
            {
                var known = read ? target.Payment : null;
                await TryAsync(db, news[target.Place].Waiting, () => ApplyAsync(db, news[target.Place], target, known, cancellation), cancellation);
                read = false;
            }
        }
    }

    // A refund or dispute names only the provider's payment id, which we may learn from an event that comes after it.
    private bool MayStillBeOurs(Received one) =>
        one.Reading is WebhookReading.States { Reports: var reports } && reports.Any(r => r is RefundReport or DisputeReport) && time.GetUtcNow() - one.Waiting.ReceivedAt < AwaitedFor;

    private async Task TryAsync(TenantDb db, Waiting waiting, Func<Task> work, CancellationToken cancellation)
    {
        try
        {
            await work();
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // Whatever went wrong, the event is stored and comes up again; a person sees it when it never works.
            LogFailed(waiting.EventId, waiting.Tries, e);
            var again = waiting.Tries < TriesMax ? Again(waiting) : (DateTimeOffset?)null;
            // Whoever lost the lease no longer decides: the number of tries is its proof.
            await db.WriteAsync(new Batch().Add("""
                with put_off as (
                  update provider_events set next_at = @again, outcome = @Outcome
                  where connection_id = @ConnectionId and event_id = @EventId and applied_at is null and tries = @Tries
                  returning next_at)
                insert into cases (id, kind, detail, opened_at) select @CaseId, 'webhook_failed', left(@Detail, 1000), @Now from put_off where next_at is null
                """, new
            {
                again,
                Outcome = again is null ? "failed" : null,
                waiting.ConnectionId,
                waiting.EventId,
                waiting.Tries,
                CaseId = caseIds.New("case", db.Tenant.Code),
                Detail = $"The event {waiting.EventId} could not be applied in {waiting.Tries} tries. Last: {e.Message}",
                Now = time.GetUtcNow(),
            }), cancellation);
        }
    }

    private async Task ApplyAsync(TenantDb db, Received news, FindAttempts.Target target, StoredPayment? known, CancellationToken cancellation)
    {
        // At the platform's address the reference alone names the payment, and the platform's secret signs for every account: with an id that we do
        // not know, or no account named, the connection's own account is asked.
        var isKnown = !PlatformAccounts.IsPlatform(news.Waiting.ConnectionId)
            || news.Reading is WebhookReading.States { AccountId: not null, Reports: var told } && told.Any(r => r.ProviderPaymentId == target.ProviderPaymentId);
        var reports = news.Reading is WebhookReading.States said && isKnown ? said.Reports : await AskAsync(db, target, cancellation);
        await record.RunAsync(db, target.PaymentId, target.AttemptId, reports, "webhook", cancellation, (batch, _) => batch.Add("""
            update provider_events set applied_at = @Now, next_at = null, payment_id = @PaymentId, outcome = 'applied'
            where connection_id = @ConnectionId and event_id = @EventId
            """, new { Now = time.GetUtcNow(), target.PaymentId, news.Waiting.ConnectionId, news.Waiting.EventId }), known);
    }

    private DateTimeOffset Again(Waiting waiting) => time.GetUtcNow() + TimeSpan.FromSeconds(Math.Min(600, Math.Pow(2, waiting.Tries)));

    private Task PutOffAsync(TenantDb db, List<Waiting> early, CancellationToken cancellation) => db.ExecuteAsync("""
        update provider_events e set next_at = put_off.again from unnest(@Sources, @EventIds, @Tries, @Times) as put_off (source, event_id, tries, again)
        where e.connection_id = put_off.source and e.event_id = put_off.event_id and e.applied_at is null and e.tries = put_off.tries
        """, new { Sources = SourcesOf(early), EventIds = IdsOf(early), Tries = TriesOf(early), Times = early.Select(Again).ToArray() }, cancellation);

    private Task PutAwayAsync(TenantDb db, List<Waiting> notOurs, CancellationToken cancellation) => db.ExecuteAsync("""
        update provider_events e set applied_at = @Now, next_at = null, outcome = 'not_ours' from unnest(@Sources, @EventIds, @Tries) as away (source, event_id, tries)
        where e.connection_id = away.source and e.event_id = away.event_id and e.applied_at is null and e.tries = away.tries
        """, new { Now = time.GetUtcNow(), Sources = SourcesOf(notOurs), EventIds = IdsOf(notOurs), Tries = TriesOf(notOurs) }, cancellation);

    private static string[] SourcesOf(List<Waiting> all) => [.. all.Select(one => one.ConnectionId)];

    private static string[] IdsOf(List<Waiting> all) => [.. all.Select(one => one.EventId)];

    private static int[] TriesOf(List<Waiting> all) => [.. all.Select(one => one.Tries)];

    private async Task<WebhookReading> ReadAsync(TenantDb db, Stored stored, CancellationToken cancellation)
    {
        var delivery = new WebhookDelivery(stored.Body, JsonSerializer.Deserialize<Dictionary<string, string>>(stored.Headers, Json.Options)!, stored.ReceivedAt);
        if (PlatformAccounts.ProviderOf(stored.ConnectionId) is { } code) return Proven(providers.Find(code)!.Read(delivery, platform.Find(code)!));
        var connection = await connections.FindAsync(db, stored.ConnectionId, cancellation);
        return connection is null
            ? new WebhookReading.Irrelevant(stored.EventId, "its connection is gone")
            : Proven(providers.Find(connection.Provider)!.Read(delivery, await accounts.RunAsync(db, stored.ConnectionId, cancellation)));
    }

    // It was proven when it came in; now the secret is another one. It is no news of nobody's: it is tried again, and then a person is told.
    private static WebhookReading Proven(WebhookReading reading) =>
        reading is WebhookReading.Forged forged ? throw new InvalidOperationException($"it can no longer be proven: {forged.Why}") : reading;

    private async Task<IReadOnlyList<ProviderReport>> AskAsync(TenantDb db, FindAttempts.Target target, CancellationToken cancellation)
    {
        var connection = await connections.FindAsync(db, target.ConnectionId, cancellation);
        var payment = await ReadPayment.RunAsync(db, target.PaymentId, cancellation);
        var answer = await gateway.AskAsync(db, connection!, payment!.Lookup(payment.Payment.Attempts.First(a => a.Id == target.AttemptId)), cancellation);
        return answer is ProviderAnswer.Reported { Reports: var reports } ? reports : throw new TimeoutException("the provider did not say how the payment stands");
    }

    [LoggerMessage(301, LogLevel.Error, "the provider's event {Event} could not be applied, try {Tries}")]
    private partial void LogFailed(string @event, int tries, Exception exception);

    private sealed record Waiting(string ConnectionId, string EventId, DateTimeOffset ReceivedAt, int Tries);

    private sealed record Received(Waiting Waiting, WebhookReading Reading);

    private sealed record Stored(string ConnectionId, string EventId, DateTimeOffset ReceivedAt, int Tries, string Headers, byte[] Body)
    {
        public Waiting Waiting => new(ConnectionId, EventId, ReceivedAt, Tries);
    }
}
