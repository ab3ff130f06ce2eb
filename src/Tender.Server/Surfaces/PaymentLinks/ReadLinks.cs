using Tender.Domain.Providers;
using Tender.Server.Hosting;
using Tender.Server.Payments;
using Tender.Server.Tenancy;

namespace Tender.Server.Surfaces.PaymentLinks;

/// <summary>The links of one mode, newest first, by cursor; one of them; and what was paid by it.</summary>
internal static class ReadLinks
{
    public const int LimitMax = 100;

    private const string Select = """
        select l.id, l.code, l.mode, l.title, l.description, l.kind, l.product_id, p.name as product_name, l.currency,
               case when l.kind = 'product' then r.amount_minor else l.amount_minor end as unit_minor, coalesce(p.is_active, true) as is_sold,
               case when l.mode = 'live' then p.stock else p.test_stock end as stock, l.amount_min_minor as amount_min, l.amount_max_minor as amount_max,
               l.suggested_minor as suggested, l.quantity, l.quantity_max, l.payments_max as limit, l.taken, l.expires_at, l.is_open,
               d.visits, d.started, d.paid, d.paid_minor, l.created_at, l.updated_at
        from payment_links l
        left join products p on p.id = l.product_id
        left join prices r on r.product_id = l.product_id and r.currency = l.currency
        cross join lateral (
          select coalesce(sum(visits), 0)::bigint as visits, coalesce(sum(started), 0)::bigint as started, coalesce(sum(paid), 0)::bigint as paid,
                 coalesce(sum(paid_minor), 0)::bigint as paid_minor
          from payment_link_days where link_id = l.id) d
        """;

    public static async Task<Page<PaymentLink>> ListAsync(TenantDb db, Mode mode, int limit, string? after, CancellationToken cancellation)
    {
        var rows = await db.QueryAsync<PaymentLink>($"""
            {Select}
            where l.mode = @Mode and (@after::text is null or (l.created_at, l.id) < (select created_at, id from payment_links where id = @after))
            order by l.created_at desc, l.id desc limit @Take
            """, new { Mode = mode.ToWord(), after, Take = limit + 1 }, cancellation);
        return new([.. rows.Take(limit)], rows.Count > limit);
    }

    /// <summary>A test key does not see a live link, and the other way round.</summary>
    public static Task<PaymentLink?> OneAsync(TenantDb db, Mode mode, string id, CancellationToken cancellation) =>
        db.QuerySingleOrDefaultAsync<PaymentLink>($"{Select} where l.id = @id and l.mode = @Mode", new { id, Mode = mode.ToWord() }, cancellation);

    /// <summary>For whoever has its address.</summary>
    public static Task<PaymentLink?> ByCodeAsync(TenantDb db, string code, CancellationToken cancellation) =>
        db.QuerySingleOrDefaultAsync<PaymentLink>($"{Select} where l.code = @code", new { code }, cancellation);

    /// <summary>What was begun by it, newest first.</summary>
    public static async Task<Page<ListPayments.Row>> PaymentsAsync(TenantDb db, string id, int limit, string? after, CancellationToken cancellation)
    {
        var rows = await db.QueryAsync<ListPayments.Row>("""
            select p.id, p.amount_minor, p.currency, p.status, p.exception, p.dispute, p.received_minor, p.refunded_minor, p.purpose, p.description, p.payer_email,
                   p.payer_name, p.provider, p.connection_id, p.created_at, p.succeeded_at
            from checkout_sessions s join payments p on p.id = s.payment_id
            where s.link_id = @id and (@after::text is null or (s.created_at, s.id) < (select created_at, id from checkout_sessions where payment_id = @after))
            order by s.created_at desc, s.id desc limit @Take
            """, new { id, after, Take = limit + 1 }, cancellation);
        return new([.. rows.Take(limit)], rows.Count > limit);
    }

    /// <summary>The last days on which anything happened, oldest first.</summary>
    public static Task<IReadOnlyList<Day>> DaysAsync(TenantDb db, string id, DateTimeOffset since, CancellationToken cancellation) => db.QueryAsync<Day>("""
        select day - (@since at time zone 'UTC')::date as index, visits, paid from payment_link_days
        where link_id = @id and day >= (@since at time zone 'UTC')::date order by day
        """, new { id, since }, cancellation);

    /// <param name="Index">0 for the first day that was asked for.</param>
    internal sealed record Day(int Index, long Visits, long Paid);
}
