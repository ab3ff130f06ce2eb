using Tender.Server.Hosting;
using Tender.Server.Members;
using Tender.Server.Payments;
using Tender.Server.Tenancy;

namespace Tender.Server.Surfaces.PaidAccess;

/// <summary>The calls of an application whose users pay for access, and of those users themselves.</summary>
internal static class PaidAccessEndpoints
{
    /// <summary>Makes a conversation.</summary>
    /// <remarks>For the user of the token, or the one that Tender-User names beside an API key. It is unpaid.</remarks>
    public static async Task<IResult> CreateConversationAsync(
        Conversations.Request request, Conversations conversations, TenantDb db, HttpContext context, CancellationToken cancellation)
    {
        if (context.Caller().UserId is null) return NoUser();
        var view = await conversations.CreateAsync(db, request, context.Caller(), context.IdempotentCall(), cancellation);
        return Results.Created($"/api/conversations/{view.Id}", view);
    }

    /// <summary>Lists the user's conversations.</summary>
    /// <remarks>Newest first, with their payment status.</remarks>
    /// <param name="limit">How many; 20 when missing.</param>
    /// <param name="startingAfter">The last id of the page before.</param>
    public static async Task<IResult> ListConversationsAsync(int? limit, string? startingAfter, TenantDb db, HttpContext context, CancellationToken cancellation)
    {
        if (context.Caller().UserId is null) return NoUser();
        if (limit is < 1 or > Conversations.LimitMax) return Problem.Invalid("limit", $"1 to {Conversations.LimitMax}.");
        var (page, hasMore) = await Conversations.ListAsync(db, context.Caller(), limit ?? 20, startingAfter, cancellation);
        if (page.Count is 0 && startingAfter is not null && await Conversations.FindAsync(db, startingAfter, context.Caller(), cancellation) is null)
            return Problem.Invalid("startingAfter", "is not the id of a conversation");
        return Results.Ok(new Page<Conversations.View>(page, hasMore));
    }

    /// <summary>Reads one conversation.</summary>
    /// <remarks>With its payment status.</remarks>
    public static async Task<IResult> ReadConversationAsync(string id, TenantDb db, HttpContext context, CancellationToken cancellation) =>
        await Conversations.FindAsync(db, id, context.Caller(), cancellation) is { } found ? Results.Ok(found.ToView()) : UnknownConversation();

    /// <summary>Makes a payment link for a conversation.</summary>
    /// <remarks>Send the user to url. Each call makes a fresh link and closes the one before. 409 when the conversation is paid, or its money is on its way.</remarks>
    public static async Task<IResult> CreateLinkAsync(
        CreateAccessLink.Request request, CreateAccessLink create, TenantDb db, HttpContext context, CancellationToken cancellation) =>
        await create.RunAsync(db, request, context.Caller(), context.IdempotentCall(), cancellation) switch
        {
            CreateAccessLink.Outcome.Made { Link: var link } => Results.Ok(link),
            CreateAccessLink.Outcome.UnknownConversation => UnknownConversation(),
            CreateAccessLink.Outcome.UnknownTier => Problem.Impossible("unknown_tier", "There is no such tier, or it is not sold any more.", "tier"),
            CreateAccessLink.Outcome.PaidAlready => Problem.Conflict("paid_already", "The conversation is paid."),
            CreateAccessLink.Outcome.OnItsWay => Problem.Conflict("payment_processing", "The conversation's payment is on its way; it is not asked for twice."),
            CreateAccessLink.Outcome.InProgress => Problem.Conflict("link_in_progress", "Other links of this conversation are being made right now.").RetryAfter(1),
            CreateAccessLink.Outcome.NotStarted { Why: var why } => PaymentAnswers.NotStarted(why),
            var other => throw new Domain.BrokenRuleException($"no answer to {other.GetType().Name}"),
        };

    /// <summary>Lists the user's API keys.</summary>
    /// <remarks>Those that were bought, without the keys themselves. 403 before the first completed order.</remarks>
    public static async Task<IResult> ListKeysAsync(UserKeys keys, TenantDb db, HttpContext context, CancellationToken cancellation) =>
        context.Caller().UserId is null ? NoUser() :
        await keys.ListAsync(db, context.Caller(), cancellation) is { } list ? Results.Ok(new KeyList(list)) :
        Problem.Forbidden("payment_required", "API keys are there after the first payment.");

    /// <summary>Shows an API key, once.</summary>
    /// <remarks>Within 24 hours of the payment, to its payer. 410 when it was shown before, was revoked, or nobody looked in time: it is erased then.</remarks>
    public static async Task<IResult> RevealKeyAsync(string id, UserKeys keys, TenantDb db, HttpContext context, CancellationToken cancellation) =>
        context.Caller().UserId is null ? NoUser() : await keys.RevealAsync(db, id, context.Caller(), cancellation) switch
        {
            UserKeys.Outcome.Shown { Id: var key, Key: var text } => Results.Ok(new RevealedKey(key, text)),
            UserKeys.Outcome.NotFound => UnknownKey(),
            UserKeys.Outcome.Gone { Key: var gone } => Problem.Gone("key_gone", $"The key cannot be shown: it {AccessWords.WhyGone(gone)}."),
            var other => throw new Domain.BrokenRuleException($"no answer to {other.GetType().Name}"),
        };

    /// <summary>Deletes an API key.</summary>
    /// <remarks>No request with it is served any more, on any node.</remarks>
    public static async Task<IResult> DeleteKeyAsync(string keyId, UserKeys keys, TenantDb db, HttpContext context, CancellationToken cancellation) =>
        context.Caller().UserId is null ? NoUser() : await keys.DeleteAsync(db, keyId, context.Caller(), cancellation) ? Results.Ok(new Deleted(true)) : UnknownKey();

    /// <summary>Lists orders.</summary>
    /// <remarks>Newest first, by cursor, with what became of each key: everybody's, or those of the user that Tender-User names.</remarks>
    /// <param name="limit">How many; 20 when missing.</param>
    /// <param name="startingAfter">The last id of the page before.</param>
    public static async Task<IResult> ListOrdersAsync(int? limit, string? startingAfter, TenantDb db, HttpContext context, CancellationToken cancellation)
    {
        if (limit is < 1 or > ListOrders.LimitMax) return Problem.Invalid("limit", $"1 to {ListOrders.LimitMax}.");
        var page = await ListOrders.RunAsync(db, context.Caller().Mode, context.Caller().UserId, limit ?? 20, startingAfter, cancellation);
        return page.Data.Count is 0 && startingAfter is not null && !await ListOrders.HasAsync(db, startingAfter, cancellation) ? Problem.Invalid("startingAfter", "is not the id of an order") : Results.Ok(page);
    }

    /// <summary>Lists the tiers.</summary>
    /// <remarks>Of the caller's mode: the cheapest of each currency first, those no longer sold at the end.</remarks>
    public static async Task<IResult> ListTiersAsync(TenantDb db, HttpContext context, CancellationToken cancellation) =>
        Results.Ok(new Page<Tiers.View>(await Tiers.AllAsync(db, context.Caller().Mode, cancellation), HasMore: false));

    /// <summary>Makes or changes a tier.</summary>
    /// <remarks>For an amount, or for a price that the provider keeps. Links that were made before keep the price they were made with.</remarks>
    public static async Task<IResult> SaveTierAsync(string code, Tiers.Request request, Tiers tiers, TenantDb db, HttpContext context, CancellationToken cancellation)
    {
        if (!Tiers.IsCode(code)) return Problem.Invalid("code", "must be 1 to 30 lower-case letters, digits, - and _");
        return await tiers.SaveAsync(db, code, request, context.Caller(), cancellation) switch
        {
            Tiers.Outcome.Saved { Tier: var tier } => Results.Ok(tier),
            Tiers.Outcome.Refused { Field: var field, Why: var why } => Problem.Invalid(field, why),
            Tiers.Outcome.UnknownPrice { Why: var why } => Problem.Impossible("unknown_price", why, "priceId"),
            Tiers.Outcome.NotReached { Why: var why } => Problem.BadGateway("provider_not_reached", why),
            var other => throw new Domain.BrokenRuleException($"no answer to {other.GetType().Name}"),
        };
    }

    /// <summary>Takes a tier off sale.</summary>
    /// <remarks>Links that were made before can still be paid.</remarks>
    public static async Task<IResult> ArchiveTierAsync(string code, Tiers tiers, TenantDb db, HttpContext context, CancellationToken cancellation) =>
        await tiers.ArchiveAsync(db, code, context.Caller(), cancellation) ? Results.NoContent() : Problem.NotFound("unknown_tier", "There is no such tier.");

    private static Problem NoUser() =>
        Problem.BadRequest("user_required", $"Say which user it is for: with an API key by the header {RecogniseCaller.ActingUser}, or send the user's own token.");

    private static Problem UnknownConversation() => Problem.NotFound("unknown_conversation", "There is no such conversation.");

    private static Problem UnknownKey() => Problem.NotFound("unknown_api_key", "There is no such API key.");

    internal sealed record KeyList(IReadOnlyList<UserKeys.View> Keys);

    /// <param name="Key">It is not shown again.</param>
    internal sealed record RevealedKey(string Id, string Key)
    {
        public override string ToString() => $"{Id} (secret)";
    }

    internal sealed record Deleted(bool Success);
}
