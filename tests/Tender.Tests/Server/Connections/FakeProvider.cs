using System.Collections.Concurrent;
using Tender.Domain.Providers;

namespace Tender.Tests.Server.Connections;

/// <summary>A provider that says what its keys tell it to: sk_test_main opens acct_main, sk_test_refused nothing, sk_test_away is never answered.</summary>
internal sealed class FakeProvider(string code = "fake") : IPaymentProvider, IRegisterWebhooks
{
    public string Code => code;

    public string Name => code;

    /// <summary>How often it was asked whose account a key opens.</summary>
    public int Checks => checks;

    /// <summary>What it was told to send webhooks to.</summary>
    public ConcurrentQueue<Uri> Addresses { get; } = new();

    public WebhookRegistration Registration { get; set; } = new WebhookRegistration.Registered(new("whsec_canary_registered"), "we_1");

    /// <summary>Set to have the process die, as it seems, while a webhook is registered.</summary>
    public bool Cut { get; set; }

    /// <summary>Set to have every check fail from now on.</summary>
    public AccountCheck? Answer { get; set; }

    private int checks;

    public IReadOnlyList<CredentialField> Credentials { get; } =
    [
        new("publishableKey", "Publishable key", Secret: false, Required: true, "^pk_(test|live)_[a-z0-9]+$", "It begins with pk_."),
        new("secretKey", "Secret key", Secret: true, Required: true, "^sk_(test|live)_[A-Za-z0-9_]+$", "It begins with sk_."),
    ];

    public async Task<AccountCheck> CheckAsync(Account account, CancellationToken cancellation)
    {
        Interlocked.Increment(ref checks);
        await Task.Yield();
        if (Answer is not null) return Answer;
        var key = account.RequiredSecret("secretKey").Reveal();
        var name = key.Split('_')[2];
        return name switch
        {
            "refused" => new AccountCheck.Refused("No such API key."),
            "away" => throw new HttpRequestException("connection refused"),
            "restricted" => new AccountCheck.Works("acct_restricted", "Restricted", Mode.Test, CanCharge: false, ["usd"]),
            _ => new AccountCheck.Works($"acct_{name}", $"Shop {name}", key.StartsWith("sk_live_", StringComparison.Ordinal) ? Mode.Live : Mode.Test, CanCharge: true, ["usd", "eur"]),
        };
    }

    public Task<WebhookRegistration> RegisterAsync(Uri endpoint, Account account, CancellationToken cancellation)
    {
        if (Cut) throw new InvalidOperationException("cut off");
        Addresses.Enqueue(endpoint);
        return Task.FromResult(Registration);
    }

    public Task<ProviderAnswer> StartAsync(PaymentRequest payment, Account account, CancellationToken cancellation) => throw new NotSupportedException();

    public Task<ProviderAnswer> AskAsync(PaymentLookup payment, Account account, CancellationToken cancellation) => throw new NotSupportedException();

    public WebhookReading Read(WebhookDelivery delivery, Account account) => throw new NotSupportedException();
}
