using Tender.Domain.Providers;
using Tender.Server.Hosting;
using Tender.Server.Payments;
using Tender.Server.Tenancy;

namespace Tender.Server.Console.Home;

/// <summary>The console's first page: what came in, how well it goes, what needs a person. Every query is bounded by an index and a period.</summary>
internal sealed class ReadHome(ListPayments list, TimeProvider time)
{
    public const int Days = 30;
    private const int RateDays = 7;
    private const int RecentMax = 8;
    private const int CasesMax = 3;

    // A payment is found by the day it was asked for (payments_by_status); one that took longer than this to be paid counts on its own page only.
    private static readonly TimeSpan SlowestMoney = TimeSpan.FromDays(7);

    public async Task<Figures> RunAsync(TenantDb db, Mode mode, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var from = new DateTimeOffset(now.UtcDateTime.Date, TimeSpan.Zero).AddDays(1 - Days);
        var recent = await list.RunAsync(db, mode, new(), RecentMax, cancellation);
        var word = mode.ToWord();
        return new(
            DateOnly.FromDateTime(from.UtcDateTime),
            await DailyAsync(db, word, from, cancellation),
            await RateAsync(db, word, now, cancellation),
            await ListCases.OpenAsync(db, mode, CasesMax, cancellation),
            await BrokenAsync(db, word, cancellation),
            recent.Rows,
            recent.Rows.Count > 0 ? null : await StartAsync(db, word, cancellation));
    }

    private static Task<IReadOnlyList<Day>> DailyAsync(TenantDb db, string mode, DateTimeOffset from, CancellationToken cancellation) =>
        db.QueryAsync<Day>("""
            select currency, floor(extract(epoch from succeeded_at - @from) / 86400)::int as index,
                   least(sum(received_minor), 9223372036854775807)::bigint as paid_minor, count(*)::int as payments
            from payments
            where mode = @mode and status = 'succeeded' and created_at >= @asked and succeeded_at >= @from
            group by 1, 2 order by 1, 2
            """, new { mode, from, asked = from - SlowestMoney }, cancellation);

    // Of those that came to an end; whoever is still paying counts for nothing, and what was called off by hand neither.
    private static async Task<SuccessRate> RateAsync(TenantDb db, string mode, DateTimeOffset now, CancellationToken cancellation) =>
        (await db.QuerySingleOrDefaultAsync<SuccessRate>("""
            select count(*) filter (where status = 'succeeded' and created_at >= @since)::int as paid,
                   count(*) filter (where created_at >= @since)::int as ended,
                   count(*) filter (where status = 'succeeded' and created_at < @since)::int as paid_before,
                   count(*) filter (where created_at < @since)::int as ended_before
            from payments where mode = @mode and created_at >= @before and status in ('succeeded', 'failed', 'expired')
            """, new { mode, since = now.AddDays(-RateDays), before = now.AddDays(-2 * RateDays) }, cancellation))!;

    private static Task<IReadOnlyList<BrokenConnection>> BrokenAsync(TenantDb db, string mode, CancellationToken cancellation) =>
        db.QueryAsync<BrokenConnection>("""
            select id, name, provider, coalesce(last_check, '') as last_check, last_checked_at
            from connections where mode = @mode and is_enabled and status = 'unhealthy' order by name
            """, new { mode }, cancellation);

    private static Task<FirstSteps?> StartAsync(TenantDb db, string mode, CancellationToken cancellation) =>
        db.QuerySingleOrDefaultAsync<FirstSteps>(
            "select exists(select from connections where mode = @mode) as has_connection, exists(select from products where is_active) as has_product", new { mode }, cancellation);

    /// <param name="From">The first of the <see cref="Days"/>, in UTC; the last is today.</param>
    /// <param name="Start">What a new tenant still has to do; null once there is a payment.</param>
    internal sealed record Figures(
        DateOnly From, IReadOnlyList<Day> Paid, SuccessRate Rate, IReadOnlyList<ListCases.Row> Cases, IReadOnlyList<BrokenConnection> Broken,
        IReadOnlyList<ListPayments.Row> Recent, FirstSteps? Start)
    {
        /// <summary>The currencies paid in, the most used first.</summary>
        public IReadOnlyList<string> Currencies => [.. Paid.GroupBy(day => day.Currency).OrderByDescending(days => days.Sum(day => day.Payments)).ThenBy(days => days.Key, StringComparer.Ordinal).Select(days => days.Key)];

        /// <summary>How many were paid on a day, in every currency.</summary>
        public int PaymentsOn(int index) => Paid.Where(day => day.Index == index).Sum(day => day.Payments);

        /// <summary>What came in on a day.</summary>
        public long PaidMinor(string currency, int index) => Paid.FirstOrDefault(day => day.Currency == currency && day.Index == index)?.PaidMinor ?? 0;
    }

    /// <param name="Index">0 for the first day.</param>
    internal sealed record Day(string Currency, int Index, long PaidMinor, int Payments);

    /// <summary>Of this week and the one before.</summary>
    internal sealed record SuccessRate(int Paid, int Ended, int PaidBefore, int EndedBefore)
    {
        public string Word => Percent(Paid, Ended);

        public string WordBefore => Percent(PaidBefore, EndedBefore);

        // Cut off, not rounded: 100 % is said only when none was lost.
        private static string Percent(int paid, int ended) =>
            ended is 0 ? "–" : string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Math.Floor(1000m * paid / ended) / 10:0.#} %");
    }

    internal sealed record BrokenConnection(string Id, string Name, string Provider, string LastCheck, DateTimeOffset? LastCheckedAt);

    internal sealed record FirstSteps(bool HasConnection, bool HasProduct);
}
