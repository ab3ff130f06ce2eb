namespace Tender.Simulators.Stripe.Cards;

/// <summary>A card or account of the test book, and all that will happen to a payment made with it.</summary>
internal sealed record TestMethod(string Type, string Number, string? Token, string Brand)
{
    /// <summary>The refusal at once, before any question to the payer.</summary>
    public Decline? Decline { get; init; }

    public Challenge Challenge { get; init; }

    /// <summary>The refusal after the payer has passed the challenge.</summary>
    public Decline? DeclineAfterChallenge { get; init; }

    public Settlement Settlement { get; init; }

    public DisputeKind Dispute { get; init; }

    public RefundCourse Refund { get; init; }

    public string Last4 => Number.Length >= 4 ? Number[^4..] : "";
}

/// <summary>What the payer's bank asks of the payer.</summary>
internal enum Challenge
{
    None,

    /// <summary>3-D Secure: in a frame over the page with Stripe.js, as a redirect without.</summary>
    ThreeDSecure,

    /// <summary>A page of the bank's own; always a redirect.</summary>
    BankPage,
}

/// <summary>How the money of a payment method arrives.</summary>
internal enum Settlement
{
    AtOnce,
    LateAndGood,
    LateAndBad,

    /// <summary>Stays processing until the control API settles it.</summary>
    OnCommand,
}

/// <summary>What a card's holder does afterwards.</summary>
internal enum DisputeKind
{
    None,
    Fraudulent,
    NotReceived,
    Inquiry,
}

/// <summary>How a refund to this method goes.</summary>
internal enum RefundCourse
{
    Succeeds,
    PendingThenSucceeds,
    SucceedsThenFails,
}

/// <summary>A refusal in Stripe's codes.</summary>
internal sealed record Decline(string Code, string? DeclineCode, string Message, string? Advice = "try_again_later");
