using Tender.Domain.Providers;
using Tender.Server.Payments;
using Tender.Server.Tenancy;

namespace Tender.Server.Webhooks.In;

/// <summary>Which of the tenant's attempts events are about: the provider's own id for one goes before our reference. One question for each that names its attempt, one for all others.</summary>
internal static class FindAttempts
{
    /// <summary>The attempt of each event, by the event's place in the list; none where it is about nothing of ours.</summary>
    public static async Task<IReadOnlyDictionary<int, Target>> RunAsync(
        TenantDb db, IReadOnlyList<(string Source, WebhookReading Reading)> events, CancellationToken cancellation)
    {
        var named = await Task.WhenAll(events.Select((one, place) => NamedAsync(db, place, one.Source, one.Reading, cancellation)));
        var found = named.OfType<Target>().ToDictionary(target => target.Place);
        var asked = events.SelectMany((one, place) => found.ContainsKey(place) ? [] : WordsOf(one.Reading).Select(word => new Asked(place, word, one.Source, one.Reading.AccountId))).ToList();
        if (asked.Count > 0)
        {
            foreach (var target in await SearchAsync(db, asked, cancellation)) found.Add(target.Place, target);
        }

        return found;
    }

    // Most news of ours names its attempt: that is found with its payment, in the one question that reads it.
    private static async Task<Target?> NamedAsync(TenantDb db, int place, string source, WebhookReading reading, CancellationToken cancellation)
    {
        if (PlatformAccounts.IsPlatform(source) || ReportsOf(reading) is not { } reports || reports.DistinctBy(r => (r.Reference, r.ProviderPaymentId)).Count() is not 1) return null;
        if (reports[0] is not { Reference: { } reference, ProviderPaymentId: var providerId } || Ids.TenantOf(reference) != db.Tenant.Code) return null;
        try
        {
            var payment = await ReadPayment.OfAttemptAsync(db, source, providerId, reference, cancellation);
            var attempts = payment?.Payment.Attempts.Where(a => a.ConnectionId == source).ToList() ?? [];
            var attempt = attempts.Find(a => a.ProviderPaymentId == providerId) ?? attempts.Find(a => a.Id == reference);
            return attempt is null ? null : new(place, attempt.Id, payment!.Id, source, attempt.ProviderPaymentId) { Payment = payment };
        }
#pragma warning disable CA1031 // One that cannot be read must not keep the others: it fails by itself when it is applied.
        catch (Exception e) when (e is not OperationCanceledException)
#pragma warning restore CA1031
        {
            return null;
        }
    }

    private static List<PaymentReport>? ReportsOf(WebhookReading reading) =>
        reading is WebhookReading.States { Reports: var reports } && reports.All(r => r is PaymentReport) ? [.. reports.Cast<PaymentReport>()] : null;

    // Metadata is the account's own words: an event on another account than the attempt's connection proves nothing about it.
    private static Task<IReadOnlyList<Target>> SearchAsync(TenantDb db, IReadOnlyList<Asked> asked, CancellationToken cancellation) => db.QueryAsync<Target>("""
        select distinct on (w.place) w.place, a.id as attempt_id, a.payment_id, a.connection_id, a.provider_payment_id
        from unnest(@Places, @Words, @Sources, @Platforms, @Accounts) as w (place, word, source, is_platform, account_id)
        join connections c on c.id = w.source or (w.is_platform and (w.account_id is null or c.account_id = w.account_id))
        cross join lateral (
          select id, payment_id, connection_id, provider_payment_id, started_at from attempts where id = w.word and connection_id = c.id
          union all
          select id, payment_id, connection_id, provider_payment_id, started_at from attempts where connection_id = c.id and provider_payment_id = w.word) a
        order by w.place, (a.provider_payment_id = w.word) is true desc, a.started_at
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

    internal sealed record Target(int Place, string AttemptId, string PaymentId, string ConnectionId, string? ProviderPaymentId)
    {
        /// <summary>Its payment, where it was read on the way.</summary>
        public StoredPayment? Payment { get; init; }
    }
}
