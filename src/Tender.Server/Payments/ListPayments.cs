using Tender.Domain.Payments;
using Tender.Domain.Providers;
using Tender.Providers;
using Tender.Server.Hosting;
using Tender.Server.Tenancy;

namespace Tender.Server.Payments;

/// <summary>GET /api/payments and the console's list: newest first, by cursor, with filters.</summary>
internal sealed class ListPayments
{
    public const int LimitMax = 100;

    /// <summary>One more than asked for is read, to know whether there is more.</summary>
    public async Task<Page> RunAsync(TenantDb db, Mode mode, Filter filter, int limit, CancellationToken cancellation)
    {
        var rows = await db.QueryAsync<Row>("""
            select id, amount_minor, currency, status, exception, dispute, received_minor, refunded_minor, purpose, description, payer_email, payer_name,
                   provider, connection_id, created_at, succeeded_at
            from payments
            where mode = @Mode
              and (@Status::text is null or status = @Status)
              and (@Provider::text is null or provider = @Provider)
              and (@Currency::text is null or currency = @Currency)
              and (@From::timestamptz is null or created_at >= @From)
              and (@To::timestamptz is null or created_at < @To)
              and (@Email::text is null or lower(payer_email) = @Email)
              and (@Id::text is null or id = @Id or id in (select payment_id from attempts where provider_payment_id = @Id))
              and (@After::text is null or (created_at, id) < (select created_at, id from payments where id = @After))
            order by created_at desc, id desc limit @Take
            """, new
        {
            Mode = mode.ToWord(),
            filter.Status,
            filter.Provider,
            Currency = filter.Currency?.ToLowerInvariant(),
            filter.From,
            filter.To,
            Email = filter.Search is { } mail && mail.Contains('@') ? mail.Trim().ToLowerInvariant() : null,
            Id = filter.Search is { } id && !id.Contains('@') ? id.Trim() : null,
            filter.After,
            Take = limit + 1,
        }, cancellation);
        return new([.. rows.Take(limit)], rows.Count > limit);
    }

    /// <param name="Search">A payment's id, the provider's id, or the payer's e-mail address.</param>
    /// <param name="After">The id the page begins after.</param>
    internal sealed record Filter(
        string? Status = null, string? Provider = null, string? Currency = null, DateTimeOffset? From = null, DateTimeOffset? To = null,
        string? Search = null, string? After = null)
    {
        /// <summary>A filter that means nothing must not look like one that fits nothing.</summary>
        public (string Field, string Why)? Wrong(AllProviders providers) =>
            Status is not null && !Words.TryParse<PaymentStatus>(Status, out _) ? ("status", $"must be one of: {string.Join(", ", Enum.GetValues<PaymentStatus>().Select(s => s.ToWord()))}") :
            Currency is not null && !Domain.Amounts.Currency.TryParse(Currency, out _) ? ("currency", "must be an ISO 4217 code or BTC") :
            Provider is not null && providers.Find(Provider) is null ? ("provider", "is not a provider of this installation") :
            From >= To ? ("to", "must be later than from") : null;
    }

    internal sealed record Page(IReadOnlyList<Row> Rows, bool HasMore);

    internal sealed record Row(
        string Id, long AmountMinor, string Currency, string Status, string Exception, string Dispute, long ReceivedMinor, long RefundedMinor, string Purpose,
        string Description, string? PayerEmail, string? PayerName, string? Provider, string? ConnectionId, DateTimeOffset CreatedAt, DateTimeOffset? SucceededAt);
}
