using Tender.Simulators.Stripe.Wire;

namespace Tender.Simulators.Stripe.Accounts;

/// <summary>GET /v1/account, and /v1/accounts/{id} for a connected one: the check of a key.</summary>
internal static class GetAccount
{
    public static object Run(StripeCall call)
    {
        if (call.Id is { } id && id != call.Account.Id)
            throw new StripeProblem(403, "invalid_request_error", $"The provided key does not have access to account '{id}' (or that account does not exist). Application access may have been revoked.") { Code = "account_invalid" };

        var account = call.Account;
        return new
        {
            account.Id,
            Object = "account",
            BusinessProfile = new { Name = account.DisplayName, Url = (string?)null, SupportEmail = account.Email },
            BusinessType = "company",
            Capabilities = new { CardPayments = "active", Transfers = "active" },
            account.ChargesEnabled,
            account.Country,
            Created = 1_700_000_000,
            account.DefaultCurrency,
            DetailsSubmitted = true,
            account.Email,
            Metadata = new { },
            PayoutsEnabled = account.ChargesEnabled,
            Settings = new { Dashboard = new { account.DisplayName, Timezone = "Etc/UTC" } },
            Type = "standard",
        };
    }
}
