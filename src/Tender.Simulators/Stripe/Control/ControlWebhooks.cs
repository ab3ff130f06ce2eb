using Tender.Simulators.Stripe.Accounts;
using Tender.Simulators.Stripe.Events;
using Tender.Simulators.Stripe.Wire;

namespace Tender.Simulators.Stripe.Control;

/// <summary>Endpoints with a secret of one's choice, rolled secrets, and what was delivered.</summary>
internal static class ControlWebhooks
{
    public static IResult Add(StripeWorld world, EndpointRequest request)
    {
        var account = StripeControl.Account(world, request.Account, request.Mode);
        var endpoint = world.Act(account, scene => KeepWebhookEndpoints.Add(scene, request.Url, request.EnabledEvents ?? ["*"], request.Connect, request.Secret));
        return Results.Json(new { endpoint.Id, endpoint.Url, Secret = endpoint.Secrets[0] }, statusCode: 201);
    }

    /// <summary>Gives an endpoint a new secret; both sign until the old one's time is over.</summary>
    public static IResult Roll(StripeWorld world, string id, RollRequest request)
    {
        var endpoint = Endpoint(world, id);
        endpoint.Roll(request.Secret ?? world.Ids.New("whsec_", 32), keepsOld: request.KeepOldSeconds > 0);
        if (request.KeepOldSeconds > 0) world.Schedule.In(TimeSpan.FromSeconds(request.KeepOldSeconds), endpoint.DropOldSecrets);
        return Results.Json(new { endpoint.Id, Secret = endpoint.Secrets[0] });
    }

    public static IResult Resend(StripeWorld world, DeliveryQueue queue, string id)
    {
        foreach (var account in world.Accounts)
        {
            StripeEvent? news;
            lock (account.Gate) news = account.Events.Find(id);
            if (news is null) continue;
            queue.Resend(news, world);
            return Results.NoContent();
        }

        throw StripeProblem.Invalid($"There is no event {id}.");
    }

    public static IResult Release(DeliveryQueue queue, ReleaseRequest request) => Results.Json(new { Released = queue.Release(request.Event) });

    public static IResult Deliveries(WebhookPost post, string? account, string? type) =>
        Results.Json(post.Notes.Where(note => (account is null || note.Account == account) && (type is null || note.Type == type)).ToList());

    private static WebhookEndpoint Endpoint(StripeWorld world, string id)
    {
        foreach (var account in world.Accounts)
        {
            lock (account.Gate)
            {
                if (account.Endpoints.Find(id) is { } endpoint) return endpoint;
            }
        }

        throw StripeProblem.Invalid($"There is no endpoint {id}.");
    }

    internal sealed record EndpointRequest(string Url, string? Account, string? Mode, string[]? EnabledEvents, string? Secret, bool Connect);

    internal sealed record RollRequest(string? Secret, double KeepOldSeconds);

    internal sealed record ReleaseRequest(string? Event);
}
