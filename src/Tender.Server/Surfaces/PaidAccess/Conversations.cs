using System.ComponentModel.DataAnnotations;
using Tender.Server.Hosting;
using Tender.Server.Members;
using Tender.Server.Tenancy;

namespace Tender.Server.Surfaces.PaidAccess;

/// <summary>What the users of a tenant's application pay for. Users are the tenant's customers, known by the application's own id for them.</summary>
internal sealed class Conversations(Ids ids, TimeProvider time)
{
    public const int LimitMax = 100;

    private const string Select = "select id, user_id, title, payment_status, payment_id, created_at, updated_at from conversations";

    public async Task<View> CreateAsync(TenantDb db, Request request, Caller caller, IdempotentCall? call, CancellationToken cancellation)
    {
        var view = new View(ids.New("conv", db.Tenant.Code), request.Title.Trim(), "unpaid", time.GetUtcNow());
        var batch = new Batch()
            .Add("insert into customers (id, user_id, created_at) values (@Id, @UserId, @CreatedAt) on conflict (user_id) do nothing",
                new { Id = ids.New("cus", db.Tenant.Code), caller.UserId, view.CreatedAt })
            .Add("""
                insert into conversations (id, user_id, mode, title, created_at, updated_at) values (@Id, @UserId, @Mode, @Title, @CreatedAt, @CreatedAt)
                """, new { view.Id, caller.UserId, Mode = caller.Mode.ToWord(), view.Title, view.CreatedAt });
        call?.ClaimAnswered(batch, view.Id, StatusCodes.Status201Created, view);
        await db.WriteAsync(batch, cancellation);
        return view;
    }

    /// <param name="limit">One more is read, to know whether there is more.</param>
    public static async Task<(IReadOnlyList<View> Page, bool HasMore)> ListAsync(TenantDb db, Caller caller, int limit, string? after, CancellationToken cancellation)
    {
        var rows = await db.QueryAsync<Row>($"""
            {Select}
            where user_id = @UserId and mode = @Mode
              and (@after::text is null or (created_at, id) < (select created_at, id from conversations where id = @after and user_id = @UserId))
            order by created_at desc, id desc limit @Take
            """, new { caller.UserId, Mode = caller.Mode.ToWord(), after, Take = limit + 1 }, cancellation);
        return ([.. rows.Take(limit).Select(row => row.ToView())], rows.Count > limit);
    }

    /// <summary>The caller's own; any of its mode for an application that names no user. Null for everything else, so that nobody learns what others have.</summary>
    public static Task<Row?> FindAsync(TenantDb db, string id, Caller caller, CancellationToken cancellation) =>
        db.QuerySingleOrDefaultAsync<Row>($"{Select} where id = @id and mode = @Mode and (@UserId::text is null or user_id = @UserId)",
            new { id, Mode = caller.Mode.ToWord(), caller.UserId }, cancellation);

    /// <summary>Whoever's it is: for what Tender does itself.</summary>
    public static Task<Row?> OneAsync(TenantDb db, string id, CancellationToken cancellation) => db.QuerySingleOrDefaultAsync<Row>($"{Select} where id = @id", new { id }, cancellation);

    /// <param name="PaymentId">Of the newest try; of the one that paid, once it is paid.</param>
    internal sealed record Row(string Id, string UserId, string Title, string PaymentStatus, string? PaymentId, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt)
    {
        public View ToView() => new(Id, Title, PaymentStatus, CreatedAt);
    }

    public sealed record Request([Required, StringLength(200, MinimumLength = 1)] string Title);

    /// <param name="PaymentStatus">unpaid, pending, paid or failed.</param>
    public sealed record View(string Id, string Title, [AllowedValues("unpaid", "pending", "paid", "failed")] string PaymentStatus, DateTimeOffset CreatedAt);
}
