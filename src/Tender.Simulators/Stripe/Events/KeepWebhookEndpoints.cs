using System.Text.Json.Nodes;
using Tender.Simulators.Stripe.Accounts;
using Tender.Simulators.Stripe.Wire;

namespace Tender.Simulators.Stripe.Events;

/// <summary>/v1/webhook_endpoints: create, read, update, delete.</summary>
internal static class KeepWebhookEndpoints
{
    public static readonly Accepts AcceptsCreate = Accepts.Of("url! enabled_events[]! api_version connect description metadata[*]");
    public static readonly Accepts AcceptsUpdate = Accepts.Of("url enabled_events[] disabled description metadata[*]");
    public static readonly Accepts AcceptsList = Accepts.Of(StripeList.Parameters);

    private const int EndpointsMax = 16;

    /// <summary>The only answer that shows the secret.</summary>
    public static object Create(StripeCall call)
    {
        var form = call.Form;
        var endpoint = Add(call.Scene, Address(form)!, EnabledEvents(form), form.Flag("connect") is true, secret: null, form.Text("api_version"));
        endpoint.Description = form.Text("description");
        endpoint.Metadata = form.Metadata();
        var shown = (JsonObject)StripeJson.Node(endpoint);
        shown["secret"] = endpoint.Secrets[0];
        return shown;
    }

    public static WebhookEndpoint Add(Scene scene, string url, IReadOnlyList<string> enabledEvents, bool isForConnected, string? secret, string? apiVersion = null)
    {
        if (scene.Account.Endpoints.All.Count >= EndpointsMax) throw StripeProblem.Invalid($"You have reached the maximum of {EndpointsMax} test webhook endpoints.");
        return scene.Account.Endpoints.Add(new WebhookEndpoint
        {
            Id = scene.Ids.New("we_1"),
            ApiVersion = apiVersion,
            Created = scene.Now,
            EnabledEvents = enabledEvents,
            IsForConnected = isForConnected,
            Livemode = scene.Account.LiveMode,
            Secrets = [secret ?? scene.Ids.New("whsec_", 32)],
            Url = url,
        });
    }

    public static object One(StripeCall call) => call.Account.Endpoints.Need(call.Id!);

    public static StripeList List(StripeCall call) => StripeList.Of("/v1/webhook_endpoints", call.Account.Endpoints, call.Form, _ => true);

    public static object Update(StripeCall call)
    {
        var (form, endpoint) = (call.Form, call.Account.Endpoints.Need(call.Id!));
        if (form.Has("url")) endpoint.Url = Address(form)!;
        if (form.Has("enabled_events")) endpoint.EnabledEvents = EnabledEvents(form);
        if (form.Flag("disabled") is { } disabled) endpoint.Status = disabled ? "disabled" : "enabled";
        if (form.Has("description")) endpoint.Description = form.Text("description");
        if (form.Has("metadata")) endpoint.Metadata = form.Metadata(endpoint.Metadata);
        return endpoint;
    }

    public static object Delete(StripeCall call)
    {
        var endpoint = call.Account.Endpoints.Need(call.Id!);
        endpoint.Status = "deleted";
        call.Account.Endpoints.Remove(endpoint);
        return new { endpoint.Id, Object = "webhook_endpoint", Deleted = true };
    }

    private static string? Address(FormNode form)
    {
        _ = form.RequiredText("url");
        return form.Url("url");
    }

    private static string[] EnabledEvents(FormNode form)
    {
        var types = form.Texts("enabled_events");
        if (types.Length == 0) throw StripeProblem.Invalid("You must provide at least one event.", "enabled_events");
        if (types.Contains("*") && types.Length > 1) throw StripeProblem.Invalid("The event `*` cannot be mixed with others.", "enabled_events");
        var unknown = types.FirstOrDefault(type => type is not "*" && !EventTypes.Known.Contains(type));
        return unknown is null ? types : throw StripeProblem.Invalid($"Invalid enabled_events: {unknown} is not an event that can be sent to webhooks.", "enabled_events");
    }
}
