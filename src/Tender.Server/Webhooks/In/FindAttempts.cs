using Tender.Domain.Providers;
using Tender.Server.Tenancy;

namespace Tender.Server.Webhooks.In;

/// <summary>Which of the tenant's attempts events are about: many events, one question.</summary>
internal static class FindAttempts
{
    /// <summary>The attempt of each event, by the event's place in the list; none where it is about nothing of ours.</summary>
    public static async Task<IReadOnlyDictionary<int, Target>> RunAsync(
        TenantDb db, IReadOnlyList<(string Source, WebhookReading Reading)> events, CancellationToken cancellation)
    {
        var asked = events.SelectMany((one, place) => WordsOf(one.Reading).Select(word => (Place: place, Word: word, one.Source, one.Reading.AccountId))).ToList();
        if (asked.Count is 0) return new Dictionary<int, Target>();

        // Metadata is the account's own words: an event on another account than the attempt's connection proves nothing about it.
        var found = await db.QueryAsync<Target>("""
            select distinct on (w.place) w.place, a.id as attempt_id, a.payment_id, a.connection_id, a.provider_payment_id
            from unnest(@Places, @Words, @Sources, @Platforms, @Accounts) as w (place, word, source, is_platform, account_id)
            join connections c on c.id = w.source or (w.is_platform and (w.account_id is null or c.account_id = w.account_id))
            cross join lateral (
              select id, payment_id, connection_id, provider_payment_id, started_at from attempts where id = w.word and connection_id = c.id
              union all
              select id, payment_id, connection_id, provider_payment_id, started_at from attempts where connection_id = c.id and provider_payment_id = w.word) a
            order by w.place, a.started_at
            """, new
        {
            Places = asked.Select(one => one.Place).ToArray(),
            Words = asked.Select(one => one.Word).ToArray(),
            Sources = asked.Select(one => one.Source).ToArray(),
            Platforms = asked.Select(one => PlatformAccounts.IsPlatform(one.Source)).ToArray(),
            Accounts = asked.Select(one => one.AccountId).ToArray(),
        }, cancellation);
        return found.ToDictionary(target => target.Place);
    }

    private static IEnumerable<string> WordsOf(WebhookReading reading) => (reading switch
    {
        WebhookReading.States states => states.Reports.SelectMany(report => new[] { (report as PaymentReport)?.Reference, report.ProviderPaymentId }),
        WebhookReading.AskAbout about => [about.Reference, about.ProviderPaymentId],
        _ => [],
    }).OfType<string>().Where(word => word.Length > 0).Distinct(StringComparer.Ordinal);

    internal sealed record Target(int Place, string AttemptId, string PaymentId, string ConnectionId, string? ProviderPaymentId);
}
