using System.Collections.Frozen;
using Tender.Domain.Providers;
using Tender.Providers.Stripe;

namespace Tender.Providers;

/// <summary>Every provider, by its code.</summary>
public sealed class AllProviders(IEnumerable<IPaymentProvider> all)
{
    private readonly FrozenDictionary<string, IPaymentProvider> byCode = all.ToFrozenDictionary(provider => provider.Code, StringComparer.Ordinal);

    /// <summary>Ordered by code.</summary>
    public IReadOnlyList<IPaymentProvider> All => [.. byCode.Values.OrderBy(provider => provider.Code, StringComparer.Ordinal)];

    /// <summary>The list: a new provider adds one line.</summary>
    /// <param name="http">One client for all of them; see <see cref="ProviderHttp"/>.</param>
    public static AllProviders Of(ProviderOptions options, HttpClient http, TimeProvider time) => new(
    [
        new StripeProvider(options.Stripe, http, time),
    ]);

    /// <summary>The provider of that code, or null.</summary>
    public IPaymentProvider? Find(string code) => byCode.GetValueOrDefault(code);

    /// <summary>As people know it; the code of one that this installation no longer has.</summary>
    public string NameOf(string code) => Find(code)?.Name ?? code;
}

/// <summary>Where each provider is reached.</summary>
public sealed record ProviderOptions(StripeOptions Stripe);
