using Tender.Domain.Providers;
using Tender.Server.Tenancy;

namespace Tender.Server.Webhooks.In;

/// <summary>Which of the tenant's attempts events are about: many events, one question.</summary>
internal static class FindAttempts
{
    private const string Select = "select distinct on (w.place) w.place, a.id as attempt_id, a.payment_id, a.connection_id, a.provider_payment_id";

    // Metadata is the account's own words: an event on another account than the attempt's connection proves nothing about it.
    private const string OfTheSameAccount = """
        join connections c on c.id = w.source or (w.is_platform and (w.account_id is null or c.account_id = w.account_id))
        cross join lateral (
          select id, payment_id, connection_id, provider_payment_id, started_at from attempts where id = w.word and connection_id = c.id
          union all
          select id, payment_id, connection_id, provider_payment_id, started_at from attempts where connection_id = c.id and provider_payment_id = w.word) a
        order by w.place, a.started_at
        """;

    /// <summary>The attempt of each event, by the event's place in the list; none where it is about nothing of ours.</summary>
    public static async Task<IReadOnlyDictionary<int, Target>> RunAsync(
        TenantDb db, IReadOnlyList<(string Source, WebhookReading Reading)> events, CancellationToken cancellation)
    {
        var asked = events.SelectMany((one, place) => WordsOf(one.Reading).Select(word => new Asked(place, word, one.Source, one.Reading.AccountId))).ToList();
        if (asked.Count is 0) return new Dictionary<int, Target>();

        var found = events.Count is 1 && asked.Count <= 2 ? await OfOneAsync(db, asked[0], asked[^1].Word, cancellation) : await OfManyAsync(db, asked, cancellation);
        return found.ToDictionary(target => target.Place);
    }

    // News mostly comes one by one. Of lists PostgreSQL makes a plan each time, which costs three times what it finds.
    private static Task<IReadOnlyList<Target>> OfOneAsync(TenantDb db, Asked asked, string other, CancellationToken cancellation) => db.QueryAsync<Target>($"""
        {Select}
        from (values (@Place, @Word, @Source, @IsPlatform, @AccountId), (@Place, @other, @Source, @IsPlatform, @AccountId)) as w (place, word, source, is_platform, account_id)
        {OfTheSameAccount}
        """, new { asked.Place, asked.Word, other, asked.Source, asked.IsPlatform, asked.AccountId }, cancellation);

    private static Task<IReadOnlyList<Target>> OfManyAsync(TenantDb db, IReadOnlyList<Asked> asked, CancellationToken cancellation) => db.QueryAsync<Target>($"""
        {Select}
        from unnest(@Places, @Words, @Sources, @Platforms, @Accounts) as w (place, word, source, is_platform, account_id)
        {OfTheSameAccount}
        """, new
    {
        Places = asked.Select(one => one.Place).ToArray(),
        Words = asked.Select(one => one.Word).ToArray(),
        Sources = asked.Select(one => one.Source).ToArray(),
        Platforms = asked.Select(one => one.IsPlatform).ToArray(),
        Accounts = asked.Select(one => one.AccountId).ToArray(),
    }, cancellation);

    private static IEnumerable<string> WordsOf(WebhookReading reading) => (reading switch
    {
        WebhookReading.States states => states.Reports.SelectMany(report => new[] { (report as PaymentReport)?.Reference, report.ProviderPaymentId }),
        WebhookReading.AskAbout about => [about.Reference, about.ProviderPaymentId],
        _ => [],
    }).OfType<string>().Where(word => word.Length > 0).Distinct(StringComparer.Ordinal);

    private sealed record Asked(int Place, string Word, string Source, string? AccountId)
    {
        public bool IsPlatform => PlatformAccounts.IsPlatform(Source);
    }

    internal sealed record Target(int Place, string AttemptId, string PaymentId, string ConnectionId, string? ProviderPaymentId);
}
