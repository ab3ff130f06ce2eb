using Tender.Domain.Providers;
using Tender.Server.Console.Home;
using Tender.Server.Tenancy;
using static Tender.Tests.Server.Console.ConsoleApp;

namespace Tender.Tests.Server.Console.Home;

/// <summary>The figures on the first page, against rows that were put there.</summary>
public sealed class HomeTests(ConsoleApp app) : IClassFixture<ConsoleApp>
{
    private const int Today = ReadHome.Days - 1;

    [Fact]
    public async Task What_was_paid_counts_on_its_day_in_its_currency_and_its_mode()
    {
        var db = await app.TenantAsync("figures", "Figures");
        var midnight = Midnight();
        await PaymentAsync(db, "1", midnight, minor: 1000);
        await PaymentAsync(db, "2", midnight, minor: 250, received: 300);
        await PaymentAsync(db, "3", midnight, minor: 700, currency: "jpy");
        await PaymentAsync(db, "4", midnight.AddSeconds(-1), minor: 40);
        await PaymentAsync(db, "5", midnight.AddDays(-2), minor: 50_000, paidAt: midnight.AddSeconds(1));
        await PaymentAsync(db, "6", midnight.AddDays(1 - ReadHome.Days), minor: 6);
        await PaymentAsync(db, "7", midnight.AddDays(1 - ReadHome.Days).AddSeconds(-1), minor: 7);
        await PaymentAsync(db, "8", midnight, minor: 9999, mode: "live");
        await PaymentAsync(db, "9", midnight, status: "failed");

        var home = await ReadAsync(db);

        home.PaidMinor("usd", Today).ShouldBe(1000 + 300 + 50_000);
        home.PaidMinor("jpy", Today).ShouldBe(700);
        home.PaidMinor("usd", Today - 1).ShouldBe(40);
        home.PaidMinor("usd", 0).ShouldBe(6);
        home.PaymentsOn(Today).ShouldBe(4);
        home.PaymentsOn(Today - 1).ShouldBe(1);
        home.Currencies.ShouldBe(["usd", "jpy"]);
        home.From.ShouldBe(DateOnly.FromDateTime(midnight.UtcDateTime).AddDays(1 - ReadHome.Days));
        home.Start.ShouldBeNull();
    }

    [Fact]
    public async Task The_success_rate_counts_what_ended_by_itself_and_never_rounds_up_to_all()
    {
        var db = await app.TenantAsync("rates", "Rates");
        var now = TimeProvider.System.GetUtcNow();
        for (var n = 0; n < 3; n++) await PaymentAsync(db, $"1{n}", now.AddHours(-n));
        await PaymentAsync(db, "20", now, status: "failed");
        await PaymentAsync(db, "21", now, status: "canceled");
        await PaymentAsync(db, "22", now, status: "awaiting_payer");
        await PaymentAsync(db, "30", now.AddDays(-8));
        await PaymentAsync(db, "31", now.AddDays(-9), status: "expired");
        await PaymentAsync(db, "32", now.AddDays(-15), status: "failed");

        var rate = (await ReadAsync(db)).Rate;

        (rate.Word, rate.WordBefore).ShouldBe(("75 %", "50 %"));
        new ReadHome.SuccessRate(9999, 10_000, 0, 0).Word.ShouldBe("99.9 %");
        new ReadHome.SuccessRate(0, 0, 0, 0).Word.ShouldBe("–");
    }

    [Fact]
    public async Task A_day_of_sums_past_every_long_still_reads()
    {
        var db = await app.TenantAsync("huge", "Huge");
        for (var n = 0; n < 3; n++) await PaymentAsync(db, $"{n}", Midnight(), minor: long.MaxValue / 2);

        (await ReadAsync(db)).PaidMinor("usd", Today).ShouldBe(long.MaxValue);
    }

    [Fact]
    public async Task A_new_tenant_is_led_to_its_first_steps()
    {
        var home = await ReadAsync(await app.TenantAsync("fresh", "Fresh"));

        home.Start.ShouldBe(new ReadHome.FirstSteps(false, false));
        (home.Currencies.Count, home.Cases.Count, home.Broken.Count).ShouldBe((0, 0, 0));
    }

    [Fact]
    public async Task A_broken_account_and_open_cases_of_this_mode_stand_first()
    {
        var db = await app.TenantAsync("trouble", "Trouble");
        var (test, live) = (await PaymentAsync(db, "1", Midnight()), await PaymentAsync(db, "2", Midnight(), mode: "live"));
        await db.ExecuteAsync("""
            insert into cases (id, payment_id, kind, opened_at) values ('case_1', @test, 'late', now()), ('case_2', @live, 'late', now()), ('case_3', @test, 'overpaid', now() - interval '1 hour');
            insert into cases (id, payment_id, kind, opened_at, closed_at) values ('case_4', @test, 'late', now(), now());
            insert into connections (id, provider, name, mode, status, is_enabled, created_by) values
              ('conn_1', 'stripe', 'Broken', 'test', 'unhealthy', true, 'x'), ('conn_2', 'stripe', 'Off', 'test', 'unhealthy', false, 'x'),
              ('conn_3', 'stripe', 'Live', 'live', 'unhealthy', true, 'x'), ('conn_4', 'stripe', 'Fine', 'test', 'healthy', true, 'x');
            """, new { test, live }, default);

        var home = await ReadAsync(db);

        home.Cases.Select(one => one.Id).ShouldBe(["case_3", "case_1"]);
        home.Broken.Select(one => one.Name).ShouldBe(["Broken"]);
    }

    private Task<ReadHome.Figures> ReadAsync(TenantDb db) => app.Get<ReadHome>().RunAsync(db, Mode.Test, default);

    private static DateTimeOffset Midnight() => new(TimeProvider.System.GetUtcNow().UtcDateTime.Date, TimeSpan.Zero);
}
