using System.ComponentModel.DataAnnotations;
using Tender.Domain.Providers;
using Tender.Server.Hosting;
using Tender.Server.Tenancy;

namespace Tender.Server.Surfaces.PaidAccess;

/// <summary>GET /api/orders and the console's list: what users bought, newest first, by cursor.</summary>
internal static class ListOrders
{
    public const int LimitMax = 100;

    private const string Select = """
        select o.id, o.user_id, o.conversation_id, c.title, o.payment_id, o.provider_session_id, o.tier, o.amount_minor as amount, o.currency, o.status,
               k.key_prefix, case when k.key_id is null then null when k.revoked_at is not null then 'revoked' when k.revealed_at is not null then 'shown'
                                  when k.sealed_key is null or k.expires_at < now() then 'erased' else 'waiting' end as key_status,
               o.created_at
        from orders o join conversations c on c.id = o.conversation_id left join key_reveals k on k.order_id = o.id
        where c.mode = @Mode and (@after::text is null or (o.created_at, o.id) < (select created_at, id from orders where id = @after))
        """;

    private const string NewestFirst = "order by o.created_at desc, o.id desc limit @Take";

    /// <param name="userId">Whose alone; null for everybody's.</param>
    public static async Task<Page<View>> RunAsync(TenantDb db, Mode mode, string? userId, int limit, string? after, CancellationToken cancellation)
    {
        // Two questions, as one with "or" would be planned for everybody.
        var rows = await db.QueryAsync<View>(userId is null ? $"{Select} {NewestFirst}" : $"{Select} and o.user_id = @userId {NewestFirst}", new { Mode = mode.ToWord(), userId, after, Take = limit + 1 }, cancellation);
        return new([.. rows.Take(limit)], rows.Count > limit);
    }

    /// <summary>Whether a cursor is one of this list.</summary>
    public static async Task<bool> HasAsync(TenantDb db, string id, CancellationToken cancellation) =>
        await db.QuerySingleOrDefaultAsync<bool>("select exists (select from orders where id = @id)", new { id }, cancellation);

    /// <param name="ProviderSessionId">The provider's own id of it.</param>
    /// <param name="Tier">Its code.</param>
    /// <param name="Amount">In the currency's minor unit.</param>
    /// <param name="Status">pending, completed or failed.</param>
    /// <param name="KeyPrefix">Of the key that came of it; null before it is completed.</param>
    /// <param name="KeyStatus">waiting (for its payer to look), shown, erased (nobody looked in time) or revoked.</param>
    internal sealed record View(
        string Id, string UserId, string ConversationId, string Title, string PaymentId, string? ProviderSessionId, string Tier, long Amount, string Currency,
        [WordsOf<Domain.PaidAccess.OrderStatus>] string Status, string? KeyPrefix, [AllowedValues("waiting", "shown", "erased", "revoked", null)] string? KeyStatus, DateTimeOffset CreatedAt);
}
