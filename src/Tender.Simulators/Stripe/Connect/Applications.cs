using System.Collections.Concurrent;
using Tender.Simulators.Clock;
using Tender.Simulators.Stripe.Accounts;
using Tender.Simulators.Stripe.Wire;

namespace Tender.Simulators.Stripe.Connect;

/// <summary>Platforms that connect accounts by OAuth, and the codes they have been given.</summary>
internal sealed class Applications(StripeIds ids, SimulatorClock clock)
{
    public const string DemoClient = "ca_tenderdemo";

    private static readonly TimeSpan CodeLife = TimeSpan.FromMinutes(5);

    private readonly ConcurrentDictionary<string, Application> applications = new(
        [new(DemoClient, new Application(DemoClient, StripeWorld.DemoAccount, RedirectUris: []))]);
    private readonly ConcurrentDictionary<string, Grant> codes = [];
    private readonly ConcurrentDictionary<string, Grant> refreshTokens = [];

    public void Register(Application application) => applications[application.ClientId] = application;

    public Application? Find(string? clientId) => clientId is null ? null : applications.GetValueOrDefault(clientId);

    public string NewCode(string clientId, string account, string scope)
    {
        var code = ids.New("ac_", 32);
        codes[code] = new(clientId, account, scope, clock.GetUtcNow() + CodeLife);
        return code;
    }

    /// <summary>What a code stands for; a code works once.</summary>
    public Grant? Redeem(string code) => codes.TryRemove(code, out var grant) && grant.Until > clock.GetUtcNow() ? grant : null;

    public string NewRefreshToken(Grant grant)
    {
        var token = ids.New("rt_", 32);
        refreshTokens[token] = grant;
        return token;
    }

    public Grant? Refresh(string token) => refreshTokens.GetValueOrDefault(token);

    public void Forget(string account)
    {
        foreach (var (token, grant) in refreshTokens)
        {
            if (grant.Account == account) refreshTokens.TryRemove(token, out _);
        }
    }
}

/// <summary>A platform as it is registered. Without addresses of its own, as the demo, it may return to this machine only.</summary>
internal sealed record Application(string ClientId, string Platform, IReadOnlyList<string> RedirectUris)
{
    public bool MayReturnTo(string address) => RedirectUris.Count > 0
        ? RedirectUris.Contains(address)
        : Uri.TryCreate(address, UriKind.Absolute, out var url) && url.IsLoopback;
}

/// <summary>An account's word that a platform may act for it.</summary>
internal sealed record Grant(string ClientId, string Account, string Scope, DateTimeOffset Until);
