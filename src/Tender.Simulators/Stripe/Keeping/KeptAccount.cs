using Tender.Simulators.Stripe.Accounts;
using Tender.Simulators.Stripe.Cards;
using Tender.Simulators.Stripe.Checkout;
using Tender.Simulators.Stripe.Disputes;
using Tender.Simulators.Stripe.Events;
using Tender.Simulators.Stripe.Ledger;
using Tender.Simulators.Stripe.Payments;
using Tender.Simulators.Stripe.Prices;
using Tender.Simulators.Stripe.Refunds;
using Tender.Simulators.Stripe.Wire;

namespace Tender.Simulators.Stripe.Keeping;

/// <summary>Everything of one account, as it is written down.</summary>
internal sealed record KeptAccount(
    string Id,
    bool LiveMode,
    string Country,
    string DefaultCurrency,
    string DisplayName,
    bool ChargesEnabled,
    string[] MethodTypes,
    IReadOnlyCollection<string> Platforms,
    string[] GrantedKeys,
    IReadOnlyList<PaymentIntent> PaymentIntents,
    IReadOnlyList<Charge> Charges,
    IReadOnlyList<BalanceTransaction> BalanceTransactions,
    IReadOnlyList<PaymentMethod> PaymentMethods,
    IReadOnlyList<Refund> Refunds,
    IReadOnlyList<Dispute> Disputes,
    IReadOnlyList<CheckoutSession> Sessions,
    IReadOnlyList<Price>? Prices,
    IReadOnlyList<WebhookEndpoint> Endpoints,
    IReadOnlyList<KeptEvent> Events,
    IReadOnlyList<KeptChallenge> Challenges,
    IReadOnlyList<Movement> Movements)
{
    // Enough to catch up from; the whole log would be most of the file.
    private const int EventsKept = 1000;

    public static KeptAccount Of(StripeAccount account) => new(
        account.Id, account.LiveMode, account.Country, account.DefaultCurrency, account.DisplayName, account.ChargesEnabled, account.MethodTypes,
        account.Platforms, [.. account.GrantedKeys],
        account.PaymentIntents.All, account.Charges.All, account.BalanceTransactions.All, account.PaymentMethods.All, account.Refunds.All,
        account.Disputes.All, account.Sessions.All, account.Prices.All, account.Endpoints.All,
        [.. account.Events.All.TakeLast(EventsKept).Select(news => new KeptEvent(news.Id, news.Type, news.Created, news.Subject, news.Before, news.RequestId, news.IdempotencyKey))],
        [.. account.Challenges.Values.Select(challenge => new KeptChallenge(challenge.Token, challenge.Intent.Id, challenge.Kind))],
        account.Book.Movements);

    public void RestoreTo(StripeAccount account)
    {
        (account.Country, account.DefaultCurrency, account.DisplayName) = (Country, DefaultCurrency, DisplayName);
        (account.ChargesEnabled, account.MethodTypes) = (ChargesEnabled, MethodTypes);
        foreach (var platform in Platforms) account.Connect(platform);
        foreach (var key in GrantedKeys) account.GrantedKeys.Add(key);
        Put(PaymentIntents, account.PaymentIntents);
        Put(Charges, account.Charges);
        Put(BalanceTransactions, account.BalanceTransactions);
        Put(PaymentMethods, account.PaymentMethods);
        Put(Refunds, account.Refunds);
        Put(Disputes, account.Disputes);
        Put(Sessions, account.Sessions);
        // A file of before there were prices has none.
        Put(Prices ?? [], account.Prices);
        Put(Endpoints, account.Endpoints);
        foreach (var kept in Events) account.Events.Add(kept.For(account));
        foreach (var kept in Challenges) account.Challenges[kept.Token] = new(kept.Token, account.PaymentIntents.Need(kept.PaymentIntent), kept.Kind);
        account.Book.Restore(Movements);
    }

    private static void Put<T>(IReadOnlyList<T> kept, Shelf<T> shelf)
        where T : class, IStripeObject
    {
        foreach (var item in kept) shelf.Add(item);
    }
}

/// <summary>An event without its account, which holds it.</summary>
internal sealed record KeptEvent(string Id, string Type, long Created, byte[] Subject, byte[]? Before, string? RequestId, string? IdempotencyKey)
{
    public StripeEvent For(StripeAccount account) => new()
    {
        Id = Id,
        Type = Type,
        Created = Created,
        Account = account,
        Subject = Subject,
        Before = Before,
        RequestId = RequestId,
        IdempotencyKey = IdempotencyKey,
    };
}

/// <summary>An open question of the bank.</summary>
internal sealed record KeptChallenge(string Token, string PaymentIntent, Challenge Kind);

/// <summary>A key and whose it is.</summary>
internal sealed record KeptKey(string Key, string Account, bool LiveMode);
