namespace Tender.Domain.Providers;

/// <summary>What a call to a provider came to. Exactly these five outcomes exist; a sixth would be a guess.</summary>
public abstract record ProviderAnswer
{
    private ProviderAnswer()
    {
    }

    /// <summary>The provider took the payment on; the payer has something to do.</summary>
    /// <param name="Action">What to show the payer.</param>
    /// <param name="Report">What the provider said about the payment so far.</param>
    public sealed record AwaitingPayer(PayerAction Action, PaymentReport Report) : ProviderAnswer;

    /// <summary>The provider stated facts; each is applied in RecordReport.</summary>
    public sealed record Reported(IReadOnlyList<ProviderReport> Reports) : ProviderAnswer
    {
        public Reported(ProviderReport only) : this([only])
        {
        }
    }

    /// <summary>The provider said no and did nothing.</summary>
    /// <param name="Reason">The provider's reason, fit to be shown to the tenant; never holds a secret.</param>
    /// <param name="Retriable">True when another connection may well say yes (rate limit, currency not served, account restricted).</param>
    public sealed record Refused(string Reason, bool Retriable) : ProviderAnswer;

    /// <summary>The request certainly never reached the provider (refused connection, unknown host, breaker open).</summary>
    public sealed record NotReached(string Why) : ProviderAnswer;

    /// <summary>It may or may not have happened (time-out, dropped answer, 5xx). Only asking settles it.</summary>
    public sealed record Unknown(string Why) : ProviderAnswer;
}

/// <summary>What the payer has to do next.</summary>
public abstract record PayerAction
{
    private PayerAction()
    {
    }

    /// <summary>Go to the provider's own page.</summary>
    public sealed record Redirect(Uri Page) : PayerAction;

    /// <summary>Fill in the provider's form, drawn by its script on the page the payer is on.</summary>
    /// <param name="Script">Where the script is loaded from.</param>
    /// <param name="PublishableKey">The account's public key.</param>
    /// <param name="AccountId">The connected account that is charged directly; null when the key's own account is.</param>
    /// <param name="ClientSecret">The token that lets this one payer complete this one payment.</param>
    public sealed record Embed(Uri Script, string PublishableKey, string? AccountId, string ClientSecret) : PayerAction;
}
