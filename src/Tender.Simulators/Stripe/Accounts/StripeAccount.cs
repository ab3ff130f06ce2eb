using System.Collections.Concurrent;
using System.Collections.Immutable;
using Tender.Simulators.Stripe.Cards;
using Tender.Simulators.Stripe.Checkout;
using Tender.Simulators.Stripe.Disputes;
using Tender.Simulators.Stripe.Events;
using Tender.Simulators.Stripe.Front;
using Tender.Simulators.Stripe.Ledger;
using Tender.Simulators.Stripe.Payments;
using Tender.Simulators.Stripe.Prices;
using Tender.Simulators.Stripe.Refunds;
using Tender.Simulators.Stripe.Wire;

namespace Tender.Simulators.Stripe.Accounts;

/// <summary>One account in one mode, with everything that is its own. All but <see cref="Idempotency"/> is used under <see cref="Gate"/>.</summary>
internal sealed class StripeAccount(string id, bool liveMode)
{
    private volatile ImmutableHashSet<string> platforms = [];

    /// <summary>Held for work in memory only, never across a wait.</summary>
    public Lock Gate { get; } = new();

    public string Id { get; } = id;

    public bool LiveMode { get; } = liveMode;

    public string Country { get; set; } = "US";

    public string DefaultCurrency { get; set; } = "usd";

    public string DisplayName { get; set; } = "Simulated shop";

    public string Email { get; set; } = "owner@shop.example";

    public bool ChargesEnabled { get; set; } = true;

    /// <summary>What the dashboard has switched on, for payments that do not name their methods.</summary>
    public string[] MethodTypes { get; set; } = ["card"];

    /// <summary>The platforms that may act for this account with <c>Stripe-Account</c>.</summary>
    public IReadOnlyCollection<string> Platforms => platforms;

    /// <summary>Keys that platforms were given by OAuth; they end with the connection.</summary>
    public ConcurrentBag<string> GrantedKeys { get; } = [];

    public Shelf<PaymentIntent> PaymentIntents { get; } = new("payment_intent", "intent");

    public Shelf<Charge> Charges { get; } = new("charge", "charge");

    public Shelf<BalanceTransaction> BalanceTransactions { get; } = new("balance_transaction");

    public Shelf<PaymentMethod> PaymentMethods { get; } = new("PaymentMethod", "payment_method");

    public Shelf<Refund> Refunds { get; } = new("refund");

    public Shelf<Dispute> Disputes { get; } = new("dispute", "dispute");

    public Shelf<CheckoutSession> Sessions { get; } = new("checkout.session", "session");

    public Shelf<Price> Prices { get; } = new("price", "price");

    public Shelf<WebhookEndpoint> Endpoints { get; } = new("webhook endpoint", "webhook_endpoint");

    public Shelf<StripeEvent> Events { get; } = new("event");

    /// <summary>Challenges that wait for the payer, by the token in their page's address.</summary>
    public Dictionary<string, OpenChallenge> Challenges { get; } = [];

    public LedgerBook Book { get; } = new();

    public IdempotencyStore Idempotency { get; } = new();

    public bool IsConnectedTo(string platform) => platforms.Contains(platform);

    public void Connect(string platform) => platforms = platforms.Add(platform);

    public void Disconnect(string platform) => platforms = platforms.Remove(platform);

    /// <summary>The object that an id stands for, for <c>expand</c>.</summary>
    public object? Find(string id) => id.Split('_')[0] switch
    {
        "pi" => PaymentIntents.Find(id),
        "ch" => Charges.Find(id),
        "txn" => BalanceTransactions.Find(id),
        "pm" => PaymentMethods.Find(id),
        "re" => Refunds.Find(id),
        "dp" => Disputes.Find(id),
        "cs" => Sessions.Find(id),
        _ => null,
    };
}
