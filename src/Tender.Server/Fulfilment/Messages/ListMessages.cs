using System.Text.Json;
using Tender.Domain.Providers;
using Tender.Server.Fulfilment.Mail;
using Tender.Server.Hosting;
using Tender.Server.Tenancy;

namespace Tender.Server.Fulfilment.Messages;

/// <summary>The mails of a tenant, the latest first, by cursor; and one of them.</summary>
internal static class ListMessages
{
    /// <summary>That a mail was sent stays on record; what it said, with its links, does not.</summary>
    public static readonly KeptFor Forgotten = new("messages", TimeSpan.FromDays(400), """
        update messages set body = '' where id in (
          select id from messages where created_at < @before and body <> '' and state <> 'waiting' order by created_at limit @AtOnce for update skip locked)
        """);

    private const string Select = """
        select m.id, m.payment_id, m.recipient, m.subject, m.body, m.attachments::text as attachments, m.state, m.created_at, m.sent_at, d.last_error, d.tries, d.next_at
        from messages m left join payments p on p.id = m.payment_id left join deliveries d on d.id = m.delivery_id
        """;

    public static async Task<(IReadOnlyList<Row> Rows, bool HasMore)> RunAsync(
        TenantDb db, Mode mode, string? state, string? search, string? after, int limit, CancellationToken cancellation)
    {
        var rows = await db.QueryAsync<Row>($"""
            {Select}
            where coalesce(p.mode, @Mode) = @Mode
              and (@state::text is null or m.state = @state)
              and (@search::text is null or lower(m.recipient) = @search or m.payment_id = @search)
              and (@after::text is null or (m.created_at, m.id) < (select created_at, id from messages where id = @after))
            order by m.created_at desc, m.id desc limit @Take
            """, new { Mode = mode.ToWord(), state, search = search?.ToLowerInvariant(), after, Take = limit + 1 }, cancellation);
        return ([.. rows.Take(limit)], rows.Count > limit);
    }

    public static Task<Row?> OneAsync(TenantDb db, string id, Mode mode, CancellationToken cancellation) =>
        db.QuerySingleOrDefaultAsync<Row>($"{Select} where m.id = @id and coalesce(p.mode, @Mode) = @Mode", new { id, Mode = mode.ToWord() }, cancellation);

    internal sealed record Row(
        string Id, string? PaymentId, string Recipient, string Subject, string Body, string Attachments, string State, DateTimeOffset CreatedAt, DateTimeOffset? SentAt,
        string? LastError, int? Tries, DateTimeOffset? NextAt)
    {
        public IReadOnlyList<MailCustomer.Enclosed> Enclosed => JsonSerializer.Deserialize<List<MailCustomer.Enclosed>>(Attachments, Json.Options) ?? [];
    }
}
