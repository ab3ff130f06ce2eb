using System.Collections.Frozen;
using Tender.Domain.Providers;

namespace Tender.Providers;

/// <summary>Every provider, by its code.</summary>
public sealed class AllProviders(IEnumerable<IPaymentProvider> all)
{
    private readonly FrozenDictionary<string, IPaymentProvider> byCode = all.ToFrozenDictionary(provider => provider.Code, StringComparer.Ordinal);

    /// <summary>Ordered by code.</summary>
    public IReadOnlyList<IPaymentProvider> All => [.. byCode.Values.OrderBy(provider => provider.Code, StringComparer.Ordinal)];

    /// <summary>The provider of that code, or null.</summary>
    public IPaymentProvider? Find(string code) => byCode.GetValueOrDefault(code);
}
