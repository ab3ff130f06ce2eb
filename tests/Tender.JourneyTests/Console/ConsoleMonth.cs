using Tender.FaultTests;
using Tender.Server.Commands.Demo;
using Tender.Server.Tenancy;

namespace Tender.JourneyTests.Console;

/// <summary>A month in a tenant's life: payments made through the simulator, older ones written straight into its database, and what went wrong.</summary>
internal static class ConsoleMonth
{
    public static string LongId { get; private set; } = "";

    /// <summary>What a good month looks like.</summary>
    public static async Task SellAsync(Shop shop, TenantDb db)
    {
        var refunded = await shop.PaidAsync(quantity: 2);
        await shop.RefundAsync(refunded, 2500);
        await shop.PaidAsync();
        await shop.CreateSessionAsync();
        await shop.PayAsync(await shop.CreateSessionAsync(), "4000000000000002");
        // All but the last step: the user keeps the key.
        foreach (var (_, _, act) in new AccessTour(shop.Api, shop.Demo).Steps.SkipLast(1)) await act(CancellationToken.None);
        foreach (var (_, _, act) in new LinksTour(shop.Api, shop.Demo).Steps) await act(CancellationToken.None);
        await shop.LinkAsync(new { title = "Festival, in the shop window", kind = "product", shop.Demo.ProductId, quantityMax = 4, limit = 200, description = "Three days by the harbour.\nGates open at noon." });
        await PastAsync(db);
    }

    /// <summary>A link with a month behind it; and one with everything too long.</summary>
    public static async Task<(string Busy, string Odd)> LinksAsync(Shop shop, TenantDb db)
    {
        var busy = await shop.ReadAsync<string>("select id from payment_links where kind = 'choose'");
        await db.ExecuteAsync("""
            insert into payment_link_days (link_id, day, visits, started, paid, paid_minor)
            select @busy, (now() at time zone 'UTC')::date - d, 20 + (d * 7) % 31, 4 + d % 5, 2 + d % 4, (2 + d % 4) * 1750 from generate_series(1, 29) d
            """, new { busy }, default);
        var odd = await shop.LinkAsync(new
        {
            title = "تذكرة المهرجان مع مكان لنصب الخيمة Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichen",
            kind = "amount",
            amount = 999_999_999_999,
            currency = "idr",
            limit = 3,
            description = new string('w', 400),
            expiresAt = "2099-12-31T23:59:00Z",
        });
        return (busy, odd.Word("id"));
    }

    /// <summary>What pages must bear.</summary>
    public static async Task SufferAsync(TenantDb db)
    {
        LongId = await OddAsync(db);
        await TroubleAsync(db, LongId);
    }

    /// <summary>Another program takes money with the same keys.</summary>
    public static async Task StrangersAsync(OwnerDb owner, TenantDb db)
    {
        await owner.ExecuteAsync("""
            insert into platform_events (provider, event_id, type, account_id, about, body, received_at) values
              ('stripe', 'evt_1SfElsewhere0000000000001', 'checkout.session.completed', null, 'cs_test_a1SfElsewhere0000000000000000000000000000000000000000000001', '', now() - interval '2 minutes'),
              ('stripe', 'evt_1SfElsewhere0000000000002', 'charge.dispute.funds_withdrawn', 'acct_1SfElsewhere0001', 'pi_3SfElsewhere000000001', '', now() - interval '3 days')
            """, null, default);
        await db.ExecuteAsync("""
            insert into provider_events (connection_id, event_id, type, about, headers, body, received_at, outcome) values
              ('conn_gone', 'evt_1SfElsewhere0000000000003', 'checkout.session.async_payment_succeeded', 'cs_test_a1SfElsewhere0000000000000000000000000000000000000000000003', '{}', '', now() - interval '1 hour', 'not_ours'),
              ('conn_gone', 'evt_1SfElsewhere0000000000004', 'payment_intent.succeeded', 'pi_3SfElsewhere000000004', '{}', '', now() - interval '3 days', 'failed')
            """, null, default);
    }

    /// <summary>A program that calls more towards the weekend; its key's id.</summary>
    public static async Task<string> UseKeyAsync(OwnerDb owner, TenantDb db)
    {
        var key = (await owner.QuerySingleOrDefaultAsync<string>("select id from api_keys where tenant = @Code and user_id is null order by created_at limit 1", new { db.Tenant.Code }, default))!;
        await owner.ExecuteAsync("""
            insert into key_usage (key_id, day, count) select @key, (now() at time zone 'UTC')::date - d, 400 + (d * 37 % 7) * 120 from generate_series(1, 27) d where d % 9 <> 0
            """, new { key }, default);
        return key;
    }

    // Thirty days of sales, more towards the weekend; today's come from the simulator.
    private static Task PastAsync(TenantDb db) => db.ExecuteAsync("""
        insert into payments (id, mode, amount_minor, currency, status, received_minor, purpose, description, payer_email, payer_name, presentation, provider, created_at, expires_at, succeeded_at)
        select 'pay_' || @Code || '_' || lpad((d * 10 + n)::text, 26, '0'), 'test',
               case when n % 3 = 0 then 4500 else 4900 end * (1 + (n + d) % 2 + (d * 7 % 3)), case when n % 3 = 0 then 'eur' else 'usd' end,
               case when n = 5 then 'expired' when n = 6 and d % 4 = 0 then 'failed' else 'succeeded' end,
               case when n = 5 or (n = 6 and d % 4 = 0) then 0 else case when n % 3 = 0 then 4500 else 4900 end * (1 + (n + d) % 2 + (d * 7 % 3)) end,
               'checkout', (1 + (n + d) % 2 + (d * 7 % 3)) || ' × Festival ticket', (array['bea', 'chi', 'dov', 'eni', 'fay', 'gil', 'hua'])[1 + n % 7] || '@example.com', null, 'embedded', 'stripe',
               t, t + interval '1 hour', case when n = 5 or (n = 6 and d % 4 = 0) then null else t + interval '40 seconds' end
        from generate_series(1, 29) d cross join lateral generate_series(0, 3 + (d * 7) % 5) n
        cross join lateral (select date_trunc('day', now() at time zone 'UTC') at time zone 'UTC' - d * interval '1 day' + (9 + n) * interval '1 hour' + (d * 13 % 60) * interval '1 minute' as t) at
        """, new { db.Tenant.Code }, default);

    // What lists must bear: sums as long as they get, words from right to left, names nobody shortened, nothing.
    private static async Task<string> OddAsync(TenantDb db)
    {
        var rows = new (string Id, long Minor, string Currency, string Status, string Description, string? Email, string? Name)[]
        {
            ("x1", 999_999_999_999_999, "idr", "succeeded", "Sponsoring", "a.very.long.address.that.nobody.ever.shortened.because.it.came.from.a.directory@subdomain.department.example.org", "Maximiliane Freifrau von und zu Hohenstein-Wolkenkuckucksheim"),
            ("x2", 1_200_000, "ngn", "awaiting_payer", "تذكرتان لمهرجان الميناء", "nour@example.com", "نور الدين"),
            ("x3", 2_100, "btc", "succeeded", "", null, null),
            ("x4", 7_000, "jpy", "canceled", "フェスティバルのチケット", "hua@example.com", "華"),
        };
        foreach (var (id, minor, currency, status, description, email, name) in rows)
        {
            await db.ExecuteAsync("""
                insert into payments (id, mode, amount_minor, currency, status, received_minor, purpose, description, payer_email, payer_name, presentation, provider, created_at, expires_at, succeeded_at)
                values (@Id, 'test', @Minor, @Currency, @Status, @Received, 'api', @Description, @Email, @Name, 'hosted', 'stripe', now() - interval '3 minutes', now() + interval '1 hour', case when @Status = 'succeeded' then now() end)
                """, new { Id = Of(db, id), Minor = minor, Currency = currency, Status = status, Received = status is "succeeded" ? minor : 0, Description = description, Email = email, Name = name }, default);
        }

        await db.ExecuteAsync("""
            insert into products (id, name, kind, test_stock, is_active) values
              (@Long, 'Festival ticket for all three days by the harbour with a seat in the first row, the boat over, and breakfast on the island', 'ticket', 0, true),
              (@Rtl, 'تذكرة لمهرجان الميناء', 'ticket', null, true), (@Old, 'Last year''s booklet', 'download', null, false);
            insert into prices values (@Long, 'usd', 999999999999), (@Long, 'eur', 1), (@Long, 'jpy', 7000), (@Rtl, 'btc', 0), (@Old, 'eur', 500)
            """, new { Long = $"prod_{db.Tenant.Code}_longlonglong", Rtl = $"prod_{db.Tenant.Code}_rtlrtlrtlrtl", Old = $"prod_{db.Tenant.Code}_oldoldoldold" }, default);
        return Of(db, "x1");
    }

    private static Task TroubleAsync(TenantDb db, string paymentId) => db.ExecuteAsync("""
        update payments set exception = 'overpaid', received_minor = amount_minor + 2550 where id = @paymentId;
        insert into cases (id, payment_id, kind, detail, opened_at) values
          (@Over, @paymentId, 'overpaid', '10000000000025.49 IDR of 9999999999999.99 IDR came.', now() - interval '2 hours'),
          (@Mail, @paymentId, 'mail_gave_up', 'payment.succeeded could not be handed to mail in 12 tries. Last: 550 5.1.1 no such mailbox', now() - interval '1 day');
        insert into connections (id, provider, name, mode, status, last_check, last_checked_at, created_by, next_check_at)
          values (@Broken, 'stripe', 'Second account', 'test', 'unhealthy', 'Stripe refuses this key: it was revoked.', now() - interval '2 hours', 'demo', now() + interval '1 year');
        """, new { paymentId, Over = $"case_{db.Tenant.Code}_over", Mail = $"case_{db.Tenant.Code}_mail", Broken = $"conn_{db.Tenant.Code}_broken" }, default);

    private static string Of(TenantDb db, string id) => $"pay_{db.Tenant.Code}_{id.PadLeft(26, '9')}";
}
