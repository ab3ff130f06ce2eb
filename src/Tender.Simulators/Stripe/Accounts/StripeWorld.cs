using System.Collections.Concurrent;
using Tender.Simulators.Clock;
using Tender.Simulators.Stripe.Events;
using Tender.Simulators.Stripe.Wire;

namespace Tender.Simulators.Stripe.Accounts;

/// <summary>All accounts and keys that this simulator knows, and how work on them is done.</summary>
internal sealed class StripeWorld
{
    public const string DemoAccount = "acct_tenderdemo";

    private readonly ConcurrentDictionary<(string Id, bool LiveMode), StripeAccount> accounts = [];
    private readonly ConcurrentDictionary<string, KeyOwner> keys = [];
    private readonly ConcurrentDictionary<string, bool> revoked = [];
    private readonly DeliveryQueue deliveries;
    private long changes;

    public StripeWorld(SimulatorClock clock, Schedule schedule, StripeIds ids, DeliveryQueue deliveries)
    {
        (Clock, Schedule, Ids, this.deliveries) = (clock, schedule, ids, deliveries);
        Open(DemoAccount, "sk_test_tenderdemo0000000000000001", "pk_test_tenderdemo0000000000000001");
    }

    public SimulatorClock Clock { get; }

    public Schedule Schedule { get; }

    public StripeIds Ids { get; }

    public IEnumerable<StripeAccount> Accounts => accounts.Values;

    /// <summary>Opens an account, or adds keys to one; the mode is the key's.</summary>
    public StripeAccount Open(string id, string secretKey, string publishableKey)
    {
        var liveMode = secretKey.Contains("_live_", StringComparison.Ordinal);
        var account = Open(id, liveMode);
        AddKey(secretKey, account);
        AddKey(publishableKey, account);
        return account;
    }

    /// <summary>Grows with everything that is done, so that what keeps the state knows when to.</summary>
    public long Changes => Interlocked.Read(ref changes);

    public IEnumerable<(string Key, KeyOwner Owner)> Keys => keys.Select(pair => (pair.Key, pair.Value));

    public void NoteChange() => Interlocked.Increment(ref changes);

    public StripeAccount Open(string id, bool liveMode) => accounts.GetOrAdd((id, liveMode), _ => new StripeAccount(id, liveMode));

    public KeyOwner? OwnerOf(string key) => keys.GetValueOrDefault(key);

    public bool IsRevoked(string key) => revoked.ContainsKey(key);

    public void AddKey(string key, StripeAccount account)
    {
        keys[key] = new(account, IsPublishable: key.StartsWith("pk_", StringComparison.Ordinal));
        NoteChange();
    }

    public void Revoke(string key)
    {
        if (keys.TryRemove(key, out _)) revoked[key] = true;
    }

    public StripeAccount? Find(string id, bool liveMode = false) => accounts.GetValueOrDefault((id, liveMode));

    /// <summary>Does work that no API call asked for, and sends the news of it.</summary>
    public void Act(StripeAccount account, Action<Scene> work) => Act(account, scene =>
    {
        work(scene);
        return true;
    });

    public T Act<T>(StripeAccount account, Func<Scene, T> work)
    {
        var scene = new Scene(this, account);
        try
        {
            lock (account.Gate) return work(scene);
        }
        finally
        {
            NoteChange();
            // A refusal has news too: a declined card is an event.
            deliveries.Send(scene.Emitted, this);
        }
    }

    internal sealed record KeyOwner(StripeAccount Account, bool IsPublishable);
}
