using System.ComponentModel.DataAnnotations;
using Npgsql;
using Tender.Server.Audit;
using Tender.Server.Hosting;
using Tender.Server.Members;
using Tender.Server.Tenancy;

namespace Tender.Server.Surfaces.PaymentLinks;

/// <summary>PATCH /api/payment-links/{id}: its words, its limit and end, open or closed. What it sells stays: whoever has the address was told so.</summary>
internal sealed class ChangePaymentLink(TimeProvider time)
{
    public async Task<Outcome> RunAsync(TenantDb db, string id, Request request, Caller caller, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        if (await ReadLinks.OneAsync(db, caller.Mode, id, cancellation) is not { } before) return new Outcome.NotFound();
        if (request.ExpiresAt is { } end && LinkRules.WrongEnd(end, now) is { } late) return new Outcome.Contradiction("expiresAt", late);
        if (request.Title?.Trim() is "") return new Outcome.Contradiction("title", "Give it a title.");
        if (request is { Limit: not null, NoLimit: true }) return new Outcome.Contradiction("noLimit", "Either there is a limit, or there is none.");
        if (request is { ExpiresAt: not null, NoExpiry: true }) return new Outcome.Contradiction("noExpiry", "Either it ends, or it does not.");

        // A limit that late money has passed may stay as it is, when something else is changed.
        var batch = new Batch().AddSpending("""
            update payment_links set title = coalesce(@Title, title), description = coalesce(@Description, description), is_open = coalesce(@IsOpen, is_open),
                   payments_max = case when @NoLimit then null else coalesce(@Limit, payments_max) end,
                   expires_at = case when @NoExpiry then null else coalesce(@ExpiresAt, expires_at) end, updated_at = @now
            where id = @id and (@NoLimit or @Limit is null or taken <= @Limit or payments_max = @Limit)
            """, new
        {
            id,
            Title = request.Title?.Trim(),
            Description = request.Description?.Trim(),
            request.IsOpen,
            request.Limit,
            NoLimit = request.NoLimit is true,
            ExpiresAt = request.ExpiresAt?.ToUniversalTime(),
            NoExpiry = request.NoExpiry is true,
            now,
        });
        batch.AddAudit(caller, ActionOf(before, request), id, new { from = new { before.Title, before.Limit, before.ExpiresAt, before.IsOpen }, to = request });
        try
        {
            await db.WriteAsync(batch, cancellation);
        }
        catch (PostgresException e) when (Spending.WasSpent(e))
        {
            return new Outcome.TooFew((await ReadLinks.OneAsync(db, caller.Mode, id, cancellation))!.Taken);
        }

        return new Outcome.Changed((await ReadLinks.OneAsync(db, caller.Mode, id, cancellation))!);
    }

    private static string ActionOf(PaymentLink before, Request request) => request.IsOpen switch
    {
        true when !before.IsOpen => "payment_link.opened",
        false when before.IsOpen => "payment_link.closed",
        _ => "payment_link.changed",
    };

    /// <param name="Limit">How many times it may be paid; not fewer than are paid, or being paid.</param>
    /// <param name="NoLimit">True takes the limit away.</param>
    /// <param name="NoExpiry">True: it does not end by itself any more.</param>
    /// <param name="IsOpen">False closes it; whoever has begun to pay may finish. True opens it again.</param>
    public sealed record Request(
        [StringLength(200, MinimumLength = 1), OneLineText] string? Title = null, [StringLength(2000)] string? Description = null, [Range(1, 1_000_000)] int? Limit = null, bool? NoLimit = null,
        DateTimeOffset? ExpiresAt = null, bool? NoExpiry = null, bool? IsOpen = null);

    public abstract record Outcome
    {
        private Outcome()
        {
        }

        public sealed record Changed(PaymentLink Link) : Outcome;

        public sealed record NotFound : Outcome;

        public sealed record Contradiction(string Field, string Why) : Outcome;

        /// <summary>More than the new limit are paid, or being paid, already.</summary>
        public sealed record TooFew(int Taken) : Outcome;
    }
}
