namespace Tender.Simulators.Stripe.Payments;

/// <summary>Under what terms a payer pays.</summary>
/// <param name="PublicUrl">The simulator's own address, for the bank's pages.</param>
/// <param name="UsesStripeJs">A challenge is then shown over the page, not as a redirect.</param>
/// <param name="IsPayerAway">Nobody is there to answer a challenge, so one is a refusal.</param>
/// <param name="FailsOnAction">A challenge is a refusal by wish.</param>
internal sealed record PayTerms(string PublicUrl, bool UsesStripeJs = false, bool IsPayerAway = false, bool FailsOnAction = false);
