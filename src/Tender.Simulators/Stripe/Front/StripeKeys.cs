using System.Text;
using Tender.Simulators.Stripe.Accounts;
using Tender.Simulators.Stripe.Wire;

namespace Tender.Simulators.Stripe.Front;

/// <summary>Whose key a request carries, and for which account it may speak.</summary>
internal sealed class StripeKeys(StripeWorld world)
{
    public Speaker Recognise(HttpRequest request, StripeOperation? operation)
    {
        var key = KeyOf(request) ?? throw new StripeProblem(
            401,
            "invalid_request_error",
            "You did not provide an API key. You need to provide your API key in the Authorization header, using Bearer auth (e.g. 'Authorization: Bearer YOUR_SECRET_KEY'). See https://stripe.com/docs/api#authentication for details, or we can help at https://support.stripe.com/.");
        var owner = world.OwnerOf(key) ?? throw Unknown(key);
        if (owner.IsPublishable && operation is not { TakesPublishableKey: true })
        {
            throw new StripeProblem(403, "invalid_request_error", "This API call cannot be made with a publishable API key. Please use a secret API key. You can find a list of your API keys at https://dashboard.stripe.com/account/apikeys.")
            {
                Code = "secret_key_required",
            };
        }

        if (key.StartsWith("rk_", StringComparison.Ordinal) && !HttpMethods.IsGet(request.Method))
        {
            throw new StripeProblem(403, "invalid_request_error", $"The provided key '{Masked(key)}' does not have the required permissions for this endpoint on account '{owner.Account.Id}'.");
        }

        return new(owner.Account, SpokenFor(request, owner, key), owner.IsPublishable);
    }

    private StripeAccount SpokenFor(HttpRequest request, StripeWorld.KeyOwner owner, string key)
    {
        var named = request.Headers["Stripe-Account"].ToString();
        if (named.Length == 0 || named == owner.Account.Id) return owner.Account;

        var connected = world.Find(named, owner.Account.LiveMode);
        var isOurs = connected is not null && connected.IsConnectedTo(owner.Account.Id);
        return isOurs ? connected! : throw new StripeProblem(
            403,
            "invalid_request_error",
            $"The provided key '{Masked(key)}' does not have access to account '{named}' (or that account does not exist). Application access may have been revoked.")
        {
            Code = "account_invalid",
        };
    }

    private StripeProblem Unknown(string key) => world.IsRevoked(key)
        ? new(401, "invalid_request_error", $"Expired API Key provided: {Masked(key)}") { Code = "api_key_expired" }
        : new(401, "invalid_request_error", $"Invalid API Key provided: {Masked(key)}");

    private static string? KeyOf(HttpRequest request)
    {
        var header = request.Headers.Authorization.ToString();
        if (header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase)) return header[7..].Trim();
        if (!header.StartsWith("Basic ", StringComparison.OrdinalIgnoreCase)) return null;

        var bytes = new byte[header.Length];
        if (!Convert.TryFromBase64String(header[6..].Trim(), bytes, out var length)) return null;
        var user = Encoding.UTF8.GetString(bytes, 0, length).Split(':')[0];
        return user.Length == 0 ? null : user;
    }

    private static string Masked(string key) =>
        key.Length <= 12 ? new string('*', key.Length) : $"{key[..8]}{new string('*', key.Length - 12)}{key[^4..]}";

    /// <summary>The account that is spoken for, and the one whose key speaks.</summary>
    internal sealed record Speaker(StripeAccount Key, StripeAccount Account, bool IsPublishable);
}
