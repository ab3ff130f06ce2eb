using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Tender.Domain.Amounts;
using Tender.Domain.Providers;
using Tender.Server;
using Tender.Server.Events;
using Tender.Server.Hosting;
using Tender.Server.Tenancy;
using Tender.Server.Webhooks.In;

namespace Tender.Tests.Server.Webhooks.In;

/// <summary>Rounds of a server that is built and not started: nothing else takes what waits.</summary>
public sealed class ApplyProviderEventsTests : IAsyncLifetime
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("tender-events-");
    private OwnerDb owner = null!;
    private TenantDb db = null!;
    private WebApplication app = null!;

    public async Task InitializeAsync()
    {
        owner = await TestDatabases.NewOwnerAsync();
        db = await TestDatabases.NewTenantAsync(owner, "acme00");
        var settings = await Settings.ReadAsync(new Dictionary<string, string> { ["TENDER_DATA"] = folder.FullName }, folder.FullName, default);
        app = TenderApp.Build(settings with { Database = await TestDatabases.ConnectionStringAsync(owner) });
    }

    public async Task DisposeAsync()
    {
        await app.DisposeAsync();
        owner.Dispose();
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task One_round_applies_all_that_was_handed_over_and_one_that_fails_gives_it_back()
    {
        var inbox = app.Services.GetRequiredService<Inbox>();
        var now = TimeProvider.System.GetUtcNow();
        await Task.WhenAll(Enumerable.Range(0, 200).Select(i => inbox.AddAsync(db, InboxTests.Row($"evt_{i}", now), default)));

        await db.ExecuteAsync("alter table attempts rename to away", null, default);
        await Should.ThrowAsync<PostgresException>(RunAsync);
        await db.ExecuteAsync("alter table away rename to attempts", null, default);
        await RunAsync();

        (await db.QuerySingleOrDefaultAsync<long>("select count(*) from provider_events where outcome = 'not_ours'", null, default)).ShouldBe(200);
    }

    [Theory]
    [InlineData(0, "1 waits, cases 0")]
    [InlineData(19, "20 failed, cases 1")]
    public async Task What_cannot_be_applied_is_put_off_and_in_the_end_shown_to_a_person(int tries, string then)
    {
        await db.ExecuteAsync("""
            insert into provider_events (connection_id, event_id, type, headers, body, received_at, tries, next_at) values ('con', 'evt_1', 'payment', '[]', '', now(), @tries, now())
            """, new { tries }, default);

        await RunAsync();

        (await db.QuerySingleOrDefaultAsync<string>("""
            select tries || case when next_at > now() then ' waits' else '' end || coalesce(' ' || outcome, '') || ', cases ' || (select count(*) from cases where kind = 'webhook_failed') from provider_events
            """, null, default)).ShouldBe(then);
    }

    [Fact]
    public async Task The_providers_own_id_goes_before_our_reference()
    {
        var (named, known) = (await PendingAsync(1, "con"), await PendingAsync(2, "con", "pi_2"));

        await ApplyAsync(Paid(named, "pi_2"));

        (await StatusAsync(named), await StatusAsync(known)).ShouldBe(("awaiting_payer", "succeeded"));
    }

    [Fact]
    public async Task Events_of_one_payment_in_one_round_are_all_applied()
    {
        var attempt = await PendingAsync(1, "con");

        await ApplyAsync(Paid(attempt, "pi_1") with { Status = ReportedStatus.Processing, Received = null }, Paid(attempt, "pi_1"));

        (await StatusAsync(attempt)).ShouldBe("succeeded");
        (await db.QueryAsync<string>("select outcome from provider_events", null, default)).ShouldBe(["applied", "applied"]);
    }

    [Fact]
    public async Task A_reference_to_another_connections_attempt_proves_nothing()
    {
        var named = await PendingAsync(1, "other");

        await ApplyAsync(Paid(named, "pi_1"));

        (await StatusAsync(named)).ShouldBe("awaiting_payer");
        (await db.QuerySingleOrDefaultAsync<string>("select outcome from provider_events", null, default)).ShouldBe("not_ours");
    }

    [Fact]
    public async Task One_whose_payment_cannot_be_read_is_put_off_and_keeps_no_other()
    {
        var (unreadable, other) = (await PendingAsync(1, "con"), await PendingAsync(2, "con"));
        await db.ExecuteAsync("update payments set currency = 'zzz' where id = (select payment_id from attempts where id = @unreadable)", new { unreadable }, default);

        await ApplyAsync(Paid(unreadable, "pi_1"), Paid(other, "pi_2"));

        (await StatusAsync(unreadable), await StatusAsync(other)).ShouldBe(("awaiting_payer", "succeeded"));
        (await db.QueryAsync<string>("select event_id from provider_events where next_at > now() and applied_at is null", null, default)).ShouldBe(["evt_pi_1_Succeeded"]);
    }

    [Fact]
    public async Task A_refund_that_comes_before_its_payment_is_looked_at_again_in_seconds()
    {
        var attempt = await PendingAsync(1, "con");
        var now = TimeProvider.System.GetUtcNow();
        var refund = new RefundReport(null, "pi_1", "re_1", ReportedRefundStatus.Succeeded, new(100, Currency.Of("usd")), now);
        await app.Services.GetRequiredService<Inbox>().AddAsync(db, InboxTests.Row("evt_refund", now) with { Reading = new WebhookReading.States("evt_refund", "refund", [refund]) }, default);

        await RunAsync();

        (await db.QuerySingleOrDefaultAsync<bool>("select next_at between now() and now() + interval '5 seconds' and tries = 1 from provider_events where event_id = 'evt_refund'", null, default)).ShouldBeTrue();
        (await StatusAsync(attempt)).ShouldBe("awaiting_payer");
    }

    private static PaymentReport Paid(string attemptId, string providerId) => new(attemptId, providerId, ReportedStatus.Succeeded, new(100, Currency.Of("usd")), null, TimeProvider.System.GetUtcNow());

    private async Task<string> PendingAsync(int number, string connectionId, string? providerId = null)
    {
        var (payment, attempt) = ($"pay_acme00_{number:D26}", $"att_acme00_{number:D26}");
        await db.ExecuteAsync("""
            insert into connections (id, provider, name, mode, created_by) values (@connectionId, 'stripe', @connectionId, 'test', 'test') on conflict do nothing;
            insert into payments (id, mode, amount_minor, currency, status, purpose, presentation, created_at, expires_at)
            values (@payment, 'test', 100, 'usd', 'awaiting_payer', 'api', 'hosted', now(), now() + interval '1 hour');
            insert into attempts (id, payment_id, seq, connection_id, provider, status, provider_payment_id, started_at)
            values (@attempt, @payment, 1, @connectionId, 'stripe', 'pending', @providerId, now())
            """, new { payment, attempt, connectionId, providerId }, default);
        return attempt;
    }

    private async Task ApplyAsync(params PaymentReport[] said)
    {
        var now = TimeProvider.System.GetUtcNow();
        await Task.WhenAll(said.Select(one => app.Services.GetRequiredService<Inbox>().AddAsync(
            db, InboxTests.Row(IdOf(one), now) with { Reading = new WebhookReading.States(IdOf(one), "payment", [one]) }, default)));
        await RunAsync();
    }

    private static string IdOf(PaymentReport said) => $"evt_{said.ProviderPaymentId}_{said.Status}";

    private Task<string?> StatusAsync(string attemptId) =>
        db.QuerySingleOrDefaultAsync<string>("select p.status from payments p join attempts a on a.payment_id = p.id where a.id = @attemptId", new { attemptId }, default);

    private Task RunAsync() => app.Services.GetServices<ITenantWork>().OfType<ApplyProviderEvents>().Single().RunAsync(db, default);
}
