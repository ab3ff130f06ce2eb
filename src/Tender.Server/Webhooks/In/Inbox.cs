using System.Collections.Concurrent;
using Npgsql;
using Tender.Domain.Providers;
using Tender.Server.Tenancy;

namespace Tender.Server.Webhooks.In;

/// <summary>
/// Stores proven webhooks, each event once. Those of one tenant that come at the same time share a commit; each waits for its own to be on disk.
/// What is stored is handed to this node's <see cref="ApplyProviderEvents"/> as if that had taken it: should this node die, the lease brings it back.
/// </summary>
internal sealed class Inbox(TimeProvider time) : IHostedService
{
    /// <summary>How long a node has an event to itself.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(40);

    /// <summary>Long after a provider would send one again. One that failed was never applied: it waits for a person.</summary>
    public static readonly KeptFor Forgotten = new("provider_events", TimeSpan.FromDays(90), """
        delete from provider_events where (connection_id, event_id) in (
          select connection_id, event_id from provider_events
          where received_at < @before and coalesce(applied_at, received_at) < @before and next_at is null and outcome is distinct from 'failed'
          order by received_at limit @AtOnce for update skip locked)
        """);

    // Whoever asks a provider needs the rest of the lease: what waited longer is taken anew when that is over.
    private static readonly TimeSpan HandedFor = TimeSpan.FromSeconds(15);

    // What comes while so many wait is taken from the database when its turn comes.
    private const int HandedMax = 256;

    private readonly ConcurrentDictionary<string, OfTenant> tenants = new(StringComparer.Ordinal);

    public Task AddAsync(TenantDb db, Row row, CancellationToken cancellation) => Of(db).Writes.AddAsync((db, row), cancellation);

    /// <summary>What this node has stored and not begun to apply.</summary>
    public IReadOnlyList<HandedOver> TakeHanded(TenantDb db, int most) => Of(db).Take(most, since: time.GetUtcNow() - HandedFor);

    /// <summary>What was taken and not begun.</summary>
    public void GiveBack(TenantDb db, IReadOnlyList<HandedOver> taken)
    {
        foreach (var one in taken) Of(db).Handed.Enqueue(one);
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>What waits for this node is due for the others.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        foreach (var tenant in tenants.Values)
        {
            if (tenant.Db is not { } db || tenant.Take(int.MaxValue, since: DateTimeOffset.MinValue) is not { Count: > 0 } left) continue;
            try
            {
                await FreeAsync(db, left);
            }
            catch (NpgsqlException)
            {
                // Its database is away: the lease brings them back, and the other tenants are not kept.
            }
        }
    }

    private Task FreeAsync(TenantDb db, IReadOnlyList<HandedOver> left) => db.WriteAsync(new Batch().Add("""
        update provider_events e set next_at = @Now, tries = 0
        from unnest(@Sources, @EventIds) as left_over (source, event_id) where e.connection_id = left_over.source and e.event_id = left_over.event_id and e.applied_at is null and e.tries = 1
        """, new { Now = time.GetUtcNow(), Sources = left.Select(one => one.Source).ToArray(), EventIds = left.Select(one => one.EventId).ToArray() }), CancellationToken.None);

    private OfTenant Of(TenantDb db) => tenants.GetOrAdd(db.Tenant.Code, static _ => new());

    /// <param name="Source">The connection, or the platform's own endpoint.</param>
    /// <param name="About">The provider's own id of what it is about.</param>
    /// <param name="Headers">Those that prove the bytes, as JSON.</param>
    /// <param name="DueAt">When it is to be applied; null when there is nothing to do.</param>
    internal sealed record Row(
        string Source, string EventId, string Type, string? About, string Headers, byte[] Body, DateTimeOffset ReceivedAt, DateTimeOffset? DueAt, string? Outcome, WebhookReading Reading);

    /// <summary>An event of this node, leased by it, as it was read when it was proven.</summary>
    internal sealed record HandedOver(string Source, string EventId, DateTimeOffset ReceivedAt, WebhookReading Reading);

    private sealed record Key(string ConnectionId, string EventId);

    private sealed class OfTenant
    {
        public OfTenant() => Writes = new(WriteAsync);

        public SharedWrites<(TenantDb Db, Row Row)> Writes { get; }

        public ConcurrentQueue<HandedOver> Handed { get; } = new();

        /// <summary>Where the last one was written.</summary>
        public TenantDb? Db { get; private set; }

        public List<HandedOver> Take(int most, DateTimeOffset since)
        {
            var taken = new List<HandedOver>();
            while (taken.Count < most && Handed.TryDequeue(out var one))
            {
                if (one.ReceivedAt > since) taken.Add(one);
            }

            return taken;
        }

        // A tenant that was moved meanwhile is written where the last one found it.
        private async Task WriteAsync(IReadOnlyList<(TenantDb Db, Row Row)> together)
        {
            var db = Db = together[^1].Db;
            var toHand = together.Count(one => one.Row.DueAt is not null) + Handed.Count <= HandedMax;
            var stored = (await InsertAsync(db, [.. together.Select(one => one.Row)], toHand)).ToHashSet();
            foreach (var (_, row) in together)
            {
                // Of twins in one commit the first is it.
                if (stored.Remove(new(row.Source, row.EventId)) && toHand && row.DueAt is not null) Handed.Enqueue(new(row.Source, row.EventId, row.ReceivedAt, row.Reading));
            }

            // Said with the commit, not by those who wait for it: what a sender who hung up has brought is due too.
            if (together.Min(one => one.Row.DueAt) is { } dueAt) db.Raise(WorkKind.ProviderEvents, dueAt);
        }

        private static Task<IReadOnlyList<Key>> InsertAsync(TenantDb db, IReadOnlyList<Row> rows, bool toHand) => db.QueryTogetherAsync<Key>("""
            insert into provider_events (connection_id, event_id, type, about, headers, body, received_at, next_at, tries, outcome)
            select source, event_id, type, about, headers::jsonb, body, received_at, next_at, @Tries, outcome
            from unnest(@Sources, @EventIds, @Types, @Abouts, @Headers, @Bodies, @Times, @NextTimes, @Outcomes) as e (source, event_id, type, about, headers, body, received_at, next_at, outcome)
            on conflict (connection_id, event_id) do nothing
            returning connection_id, event_id
            """, new
        {
            Sources = rows.Select(row => row.Source).ToArray(),
            EventIds = rows.Select(row => row.EventId).ToArray(),
            Types = rows.Select(row => row.Type).ToArray(),
            Abouts = rows.Select(row => row.About).ToArray(),
            Headers = rows.Select(row => row.Headers).ToArray(),
            Bodies = rows.Select(row => row.Body).ToArray(),
            Times = rows.Select(row => row.ReceivedAt).ToArray(),
            NextTimes = rows.Select(row => toHand ? row.DueAt + Lease : row.DueAt).ToArray(),
            Tries = toHand ? 1 : 0,
            Outcomes = rows.Select(row => row.Outcome).ToArray(),
        });
    }
}
