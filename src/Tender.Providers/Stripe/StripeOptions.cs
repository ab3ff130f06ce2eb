namespace Tender.Providers.Stripe;

/// <summary>Where Stripe is reached: the real one, or a simulator.</summary>
/// <param name="ApiBase">https://api.stripe.com; may have a path.</param>
/// <param name="Script">Stripe's script for the page that takes the money: https://js.stripe.com/v3/.</param>
/// <param name="ApiVersion">The version that every request names, and that the shapes in this folder are written for.</param>
public sealed record StripeOptions(Uri ApiBase, Uri Script, string ApiVersion);
