using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Tender.Domain.Providers;

namespace Tender.Providers.Stripe;

/// <summary>Registers the address that Stripe calls.</summary>
internal sealed class StripeEndpoints(StripeApi api, StripeOptions options)
{
    // A registration that somebody deleted at Stripe is still remembered under its key; each step asks for the one after it.
    private const int StepsMax = 4;

    public async Task<WebhookRegistration> RegisterAsync(Uri endpoint, Account account, CancellationToken cancellation)
    {
        // Events of a connected account come to the platform's endpoints that ask for them, so the platform registers.
        var connected = account.Field(StripeKeys.ConnectedAccount) is { Length: > 0 };
        var owner = connected ? account with { Fields = Without(account.Fields, StripeKeys.ConnectedAccount) } : account;
        var form = FormOf(endpoint, connected);

        var key = KeyOf(account.ConnectionId, endpoint, after: "");
        for (var step = 0; step < StepsMax; step++)
        {
            var made = await api.PostAsync("/v1/webhook_endpoints", form, key, StripeJson.Default.StripeWebhookEndpoint, owner, cancellation);
            if (made is not StripeReply<StripeWebhookEndpoint>.Got { Object: { Id: { } id, Secret: { Length: > 0 } secret } }) return Instead(made);

            var there = await api.GetAsync($"/v1/webhook_endpoints/{StripeAsk.Escape(id)}", StripeJson.Default.StripeWebhookEndpoint, owner, cancellation);
            if (there is not StripeReply<StripeWebhookEndpoint>.Not { IsMissing: true }) return new WebhookRegistration.Registered(new Secret(secret), id);

            key = KeyOf(account.ConnectionId, endpoint, after: id);
        }

        return new WebhookRegistration.Refused("Stripe forgets each registration at once.");
    }

    private StripeForm FormOf(Uri endpoint, bool connected)
    {
        var form = new StripeForm().Add("url", endpoint.AbsoluteUri).Add("api_version", options.ApiVersion).Add("description", "Tender");
        if (connected) form.Add("connect", true);
        for (var i = 0; i < StripeEvent.Subscribed.Count; i++)
        {
            form.Add(string.Create(CultureInfo.InvariantCulture, $"enabled_events[{i}]"), StripeEvent.Subscribed[i]);
        }

        return form;
    }

    private static WebhookRegistration Instead(StripeReply<StripeWebhookEndpoint> made) => made switch
    {
        StripeReply<StripeWebhookEndpoint>.Not { HttpStatus: not 429, Outcome: ProviderAnswer.Refused refused } => new WebhookRegistration.Refused(refused.Reason),
        StripeReply<StripeWebhookEndpoint>.Not { Outcome: ProviderAnswer.Refused busy } => new WebhookRegistration.NotReached(busy.Reason),
        StripeReply<StripeWebhookEndpoint>.Not { Outcome: ProviderAnswer.NotReached not } => new WebhookRegistration.NotReached(not.Why),
        StripeReply<StripeWebhookEndpoint>.Not { Outcome: ProviderAnswer.Unknown unknown } => new WebhookRegistration.NotReached(unknown.Why),
        _ => new WebhookRegistration.NotReached("Stripe registered the address without telling a secret."),
    };

    private static string KeyOf(string connection, Uri endpoint, string after)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{connection}\n{endpoint.AbsoluteUri}\n{after}"));
        return $"tender-{connection}-webhook-{Convert.ToHexStringLower(hash.AsSpan(0, 8))}";
    }

    private static Dictionary<string, string> Without(IReadOnlyDictionary<string, string> fields, string name) =>
        fields.Where(field => field.Key != name).ToDictionary(StringComparer.Ordinal);
}
