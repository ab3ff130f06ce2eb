using Tender.Server.Events;
using Tender.Server.Hosting;
using Tender.Server.Hosting.OpenApi;
using Tender.Server.Members;
using Tender.Server.Payments;

namespace Tender.Server.Surfaces.PaidAccess;

/// <summary>Paid access: a payment link that ends in an API key.</summary>
internal static class PaidAccessSlice
{
    /// <summary>What a payment made here is for.</summary>
    public const string Purpose = "paid_access";

    private const Callers Users = Callers.User | Callers.Key;

    public static IServiceCollection AddPaidAccess(this IServiceCollection services) => services
        .AddSingleton<Conversations>()
        .AddSingleton<Tiers>()
        .AddSingleton<CloseLinks>()
        .AddSingleton<CreateAccessLink>()
        .AddSingleton<IssueKey>()
        .AddSingleton<UserKeys>()
        .AddSingleton<ShowAccess>()
        .AddSingleton<ISettlePurpose, SettlePaidAccess>()
        .AddSingleton(IssueKey.Forgotten)
        .AddConsumer<PublishKeys>();

    public static void MapPaidAccess(this IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup("/api").WithTags("Paid access");
        api.MapPost("/conversations", PaidAccessEndpoints.CreateConversationAsync).CallableBy(Users).TakesIdempotencyKey().Answers<Conversations.View>("createConversation", 201);
        api.MapGet("/conversations", PaidAccessEndpoints.ListConversationsAsync).CallableBy(Users).Answers<Page<Conversations.View>>("listConversations");
        api.MapGet("/conversations/{id}", PaidAccessEndpoints.ReadConversationAsync).CallableBy(Users).Answers<Conversations.View>("readConversation");
        api.MapPost("/payments/link", PaidAccessEndpoints.CreateLinkAsync).CallableBy(Users).TakesIdempotencyKey().Answers<CreateAccessLink.Link>("createAccessLink").Refuses(404, 409, 502);
        api.MapGet("/api-keys", PaidAccessEndpoints.ListKeysAsync).CallableBy(Users).Answers<PaidAccessEndpoints.KeyList>("listUserKeys");
        api.MapPost("/api-keys/{id}/reveal", PaidAccessEndpoints.RevealKeyAsync).CallableBy(Users).Answers<PaidAccessEndpoints.RevealedKey>("revealUserKey").Refuses(404, 410);
        api.MapDelete("/api-keys/{keyId}", PaidAccessEndpoints.DeleteKeyAsync).CallableBy(Users).Answers<PaidAccessEndpoints.Deleted>("deleteUserKey");

        api.MapGet("/orders", PaidAccessEndpoints.ListOrdersAsync).CallableBy(Callers.Key | Callers.Viewer).WithMetadata(NarrowedToUser.It).Answers<Page<ListOrders.View>>("listOrders");

        var tiers = routes.MapGroup("/api/tiers").WithTags("Paid access");
        tiers.MapGet("", PaidAccessEndpoints.ListTiersAsync).CallableBy(Callers.Key | Callers.Viewer).Answers<Page<Tiers.View>>("listTiers");
        tiers.MapPut("/{code}", PaidAccessEndpoints.SaveTierAsync).CallableBy(Callers.Key | Callers.Operator).Answers<Tiers.View>("saveTier").Refuses(422, 502);
        tiers.MapDelete("/{code}", PaidAccessEndpoints.ArchiveTierAsync).CallableBy(Callers.Key | Callers.Operator).Answers("archiveTier", 204);
    }
}
