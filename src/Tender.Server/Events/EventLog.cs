using Tender.Server.Tenancy;

namespace Tender.Server.Events;

/// <summary>
/// Writes what happened, and who still has to act on it, in the transaction of the change itself: nothing that happened is ever
/// without its followers, and nothing follows from what was undone.
/// </summary>
internal sealed class EventLog
{
    /// <summary>Adds an event and one delivery for each consumer; one statement.</summary>
    /// <param name="type">What happened: payment.succeeded.</param>
    /// <param name="subject">The id of what it happened to.</param>
    /// <param name="at">When it was recorded, by our clock: deliveries are due from then on.</param>
    /// <param name="payload">A JSON document.</param>
    /// <param name="evidence">The raw words it was read from, secrets struck out.</param>
    /// <param name="consumers">Who acts on it, by <see cref="IConsumeEvents.Consumer"/>; nobody is fine.</param>
    public void Append(
        Batch batch, string type, string subject, string? paymentId, DateTimeOffset at, string payload, string? evidence = null,
        params string[] consumers)
    {
        // Most events have no followers; finding that out in the database would cost as much as the event.
        if (consumers.Length is 0)
        {
            batch.Add("""
                insert into events (type, payment_id, subject, at, payload, evidence) values (@Type, @PaymentId, @Subject, @At, @Payload::jsonb, @Evidence)
                """, new { Type = type, PaymentId = paymentId, Subject = subject, At = at, Payload = payload, Evidence = evidence });
            return;
        }

        foreach (var consumer in consumers) batch.Expect(new(WorkKind.Deliveries, consumer), at);
        batch.Add("""
            with event as (
              insert into events (type, payment_id, subject, at, payload, evidence)
              values (@Type, @PaymentId, @Subject, @At, @Payload::jsonb, @Evidence)
              returning id)
            insert into deliveries (event_id, consumer, next_at)
            select event.id, consumer, @At from event cross join unnest(@Consumers) as consumer
            """, new { Type = type, PaymentId = paymentId, Subject = subject, At = at, Payload = payload, Evidence = evidence, Consumers = consumers });
    }
}
