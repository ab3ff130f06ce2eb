using Tender.Simulators.Stripe.Accounts;
using Tender.Simulators.Stripe.Cards;

namespace Tender.Simulators.Stripe.Payments;

/// <summary>A question of the bank to the payer that waits for its answer.</summary>
internal sealed record OpenChallenge(string Token, PaymentIntent Intent, Challenge Kind)
{
    /// <summary>Shows the payer the bank's page: over the page with Stripe.js, as a redirect without.</summary>
    public static void Ask(Scene scene, PaymentIntent intent, Challenge kind, PayTerms terms)
    {
        var token = scene.Ids.New("chg_", 20);
        scene.Account.Challenges[token] = new(token, intent, kind);
        intent.OpenChallenge = token;
        intent.Status = PaymentStatus.RequiresAction;
        var url = $"{terms.PublicUrl}/challenge/{scene.Account.Id}/{token}";
        intent.NextAction = terms.UsesStripeJs && kind is Challenge.ThreeDSecure
            ? new { Type = "use_stripe_sdk", UseStripeSdk = new { Type = "three_d_secure_redirect", StripeJs = $"{url}?frame=1", Source = token } }
            : new { Type = "redirect_to_url", RedirectToUrl = new { Url = url, intent.ReturnUrl } };
        scene.Emit("payment_intent.requires_action", intent);
    }

    /// <summary>Forgets the question of a payment, if it has one.</summary>
    public static void Close(StripeAccount account, PaymentIntent intent)
    {
        if (intent.OpenChallenge is null) return;
        account.Challenges.Remove(intent.OpenChallenge);
        (intent.OpenChallenge, intent.NextAction) = (null, null);
    }
}
