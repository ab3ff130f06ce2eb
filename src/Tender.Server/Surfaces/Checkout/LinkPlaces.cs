using Tender.Domain.Amounts;
using Tender.Server.Tenancy;

namespace Tender.Server.Surfaces.Checkout;

/// <summary>
/// How often a payment link may still be paid: a place is taken with the session, like stock, and given back when the session ends without
/// money. What is paid is counted in the same batch.
/// </summary>
internal static class LinkPlaces
{
    /// <summary>With no place left, the whole batch is refused as spent.</summary>
    public static void AddTaken(Batch batch, string linkId, DateTimeOffset now) => batch
        .AddSpending("update payment_links set taken = taken + 1 where id = @linkId and (payments_max is null or taken < payments_max)", new { linkId })
        .Add("""
            insert into payment_link_days (link_id, day, started) values (@linkId, (@now at time zone 'UTC')::date, 1)
            on conflict (link_id, day) do update set started = payment_link_days.started + 1
            """, new { linkId, now });

    public static void AddFreed(Batch batch, string sessionId) => batch.Add("""
        with freed as (
          update checkout_sessions set place_held = false where id = @sessionId and place_held returning link_id)
        update payment_links set taken = taken - 1 from freed where payment_links.id = freed.link_id
        """, new { sessionId });

    /// <summary>Money that came after the session had closed takes its place again, and one more than there are where there is none: the next that comes free is nobody's.</summary>
    public static void AddPaid(Batch batch, string linkId, string sessionId, Money paid, DateTimeOffset now) => batch
        .Add("""
            with late as (
              update checkout_sessions set place_held = true where id = @sessionId and not place_held returning link_id)
            update payment_links set taken = taken + 1 from late where payment_links.id = late.link_id
            """, new { sessionId })
        .Add("""
            insert into payment_link_days (link_id, day, paid, paid_minor) values (@linkId, (@now at time zone 'UTC')::date, 1, @Minor)
            on conflict (link_id, day) do update set paid = payment_link_days.paid + 1, paid_minor = payment_link_days.paid_minor + excluded.paid_minor
            """, new { linkId, now, paid.Minor });
}
