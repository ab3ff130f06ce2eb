using System.Security.Cryptography;

namespace Tender.Simulators.Stripe.Wire;

/// <summary>Ids and secrets in Stripe's form.</summary>
internal sealed class StripeIds
{
    private const string Alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    public string New(string prefix, int length = 24) => prefix + RandomNumberGenerator.GetString(Alphabet, length);
}
