using System.Security.Cryptography;
using Dapper;
using Tender.Server.Tenancy;

namespace Tender.Server.Events;

/// <summary>
/// Takes one consumer's due deliveries of a tenant and has them handled. Each is leased by moving its time forward, so that no
/// transaction is open while mail is sent; when this node dies, the lease runs out and another one takes over.
/// </summary>
internal sealed partial class DeliverEvents(IConsumeEvents consumer, Ids ids, TimeProvider time, ILogger<DeliverEvents> log) : ITenantWork
{
    private const int AtOnce = 8;
    private static readonly TimeSpan HandleMax = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Lease = HandleMax + TimeSpan.FromSeconds(10);

    public Work Work => new(WorkKind.Deliveries, consumer.Consumer);

    public async Task<DateTimeOffset?> RunAsync(TenantDb db, CancellationToken cancellation)
    {
        while (true)
        {
            var (taken, due) = await TakeAsync(db, cancellation);
            var again = await Task.WhenAll(taken.Select(delivered => DeliverAsync(db, delivered, cancellation)));
            if (taken.Count < AtOnce) return again.Append(due).Min();
        }
    }

    // With the time of what is not taken. Not waited for until it is on disk: a crash of the database may forget the lease, and what was begun is taken again at once,
    // with the same number of tries. A consumer that acts outside commits before it does.
    private async Task<(IReadOnlyList<DeliveredEvent> Taken, DateTimeOffset? Next)> TakeAsync(TenantDb db, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        using var lease = await db.LeaseAsync(cancellation);
        await using var connection = await lease.Source.OpenConnectionAsync(cancellation);
        await using var results = await connection.QueryMultipleAsync(new("""
            with due as (
              select id from deliveries
              where state = 'waiting' and consumer = @Consumer and next_at <= @now
              order by next_at limit @AtOnce for update skip locked),
            taken as (
              update deliveries d set tries = d.tries + 1, next_at = @LeasedUntil from due, (select set_config('synchronous_commit', 'off', true)) as unawaited where d.id = due.id
              returning d.id, d.event_id, d.tries)
            select t.id as delivery_id, t.event_id, e.type, e.subject, e.payment_id, e.at, e.payload::text as payload, t.tries
            from taken t join events e on e.id = t.event_id order by t.id;
            select min(next_at) from deliveries where state = 'waiting' and consumer = @Consumer and next_at <> @LeasedUntil
            """, new { consumer.Consumer, now, LeasedUntil = now + Lease, AtOnce }, cancellationToken: cancellation));
        return ((await results.ReadAsync<DeliveredEvent>()).AsList(), await results.ReadSingleAsync<DateTimeOffset?>());
    }

    // Answers when it is to be tried again.
    private async Task<DateTimeOffset?> DeliverAsync(TenantDb db, DeliveredEvent delivered, CancellationToken cancellation)
    {
        var result = await HandleAsync(db, delivered, cancellation);
        var (batch, again) = (new Batch(), (DateTimeOffset?)null);
        if (result is DeliveryResult.Done) AddDone(batch, delivered);
        else if (RetryTimes.After(delivered.Tries, Chance()) is { } delay && result is DeliveryResult.TryAgain later) AddTryAgain(batch, delivered, (again = time.GetUtcNow() + delay).Value, later.Why);
        else AddGiveUp(batch, db.Tenant.Code, delivered, WhyOf(result));

        // A stopping server still writes down what was done: else it would be done again.
        await db.WriteSharedAsync(batch, CancellationToken.None);
        return again;
    }

    private async Task<DeliveryResult> HandleAsync(TenantDb db, DeliveredEvent delivered, CancellationToken cancellation)
    {
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limited.CancelAfter(HandleMax);
        try
        {
            return await consumer.HandleAsync(db, delivered, limited.Token);
        }
        catch (OperationCanceledException) when (limited.IsCancellationRequested)
        {
            return new DeliveryResult.TryAgain(cancellation.IsCancellationRequested ? "the server was stopped" : "it took too long");
        }
#pragma warning disable CA1031 // Whatever a consumer throws, its delivery is tried again and the others go on.
        catch (Exception e)
#pragma warning restore CA1031
        {
            LogFailed(log, consumer.Consumer, delivered.DeliveryId, db.Tenant.Code, e);
            return new DeliveryResult.TryAgain(e.Message);
        }
    }

    // The number of tries is the lease's proof: whoever lost the lease no longer decides.
    private void AddDone(Batch batch, DeliveredEvent delivered) =>
        batch.Add("""
            update deliveries set state = 'done', done_at = @Now, next_at = null, last_error = null
            where id = @DeliveryId and state = 'waiting' and tries = @Tries
            """, new { delivered.DeliveryId, delivered.Tries, Now = time.GetUtcNow() });

    private static void AddTryAgain(Batch batch, DeliveredEvent delivered, DateTimeOffset again, string why) =>
        batch.Add("""
            update deliveries set next_at = @NextAt, last_error = left(@Why, 1000)
            where id = @DeliveryId and state = 'waiting' and tries = @Tries
            """, new { delivered.DeliveryId, delivered.Tries, NextAt = again, Why = why });

    private void AddGiveUp(Batch batch, string tenantCode, DeliveredEvent delivered, string why) =>
        batch.Add("""
            with given_up as (
              update deliveries set state = 'gave_up', next_at = null, last_error = left(@Why, 1000)
              where id = @DeliveryId and state = 'waiting' and tries = @Tries
              returning id)
            insert into cases (id, payment_id, kind, detail, opened_at)
            select @CaseId, @PaymentId, @Kind, left(@Detail, 1000), @Now from given_up
            on conflict (payment_id, kind) where closed_at is null do nothing
            """, new
        {
            delivered.DeliveryId,
            delivered.Tries,
            delivered.PaymentId,
            Why = why,
            CaseId = ids.New("case", tenantCode),
            Kind = $"{consumer.Consumer}_gave_up",
            Detail = $"{delivered.Type} could not be handed to {consumer.Consumer} in {delivered.Tries} tries. Last: {why}",
            Now = time.GetUtcNow(),
        });

    private static string WhyOf(DeliveryResult result) => result switch
    {
        DeliveryResult.TryAgain later => later.Why,
        DeliveryResult.GiveUp never => never.Why,
        _ => "",
    };

    private static double Chance() => RandomNumberGenerator.GetInt32(1_000) / 1_000.0;

    [LoggerMessage(EventId = 4001, Level = LogLevel.Warning, Message = "{Consumer} failed on delivery {DeliveryId} of {Tenant}")]
    private static partial void LogFailed(ILogger logger, string consumer, long deliveryId, string tenant, Exception exception);
}
