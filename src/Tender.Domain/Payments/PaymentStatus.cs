namespace Tender.Domain.Payments;

/// <summary>Where a payment stands. The order is the order of strength: a later one is never replaced by an earlier one.</summary>
public enum PaymentStatus
{
    Created,
    AwaitingPayer,
    Processing,
    Failed,
    Expired,
    Canceled,
    Succeeded,
}

/// <summary>Where one try to collect through one connection stands, in order of strength.</summary>
public enum AttemptStatus
{
    /// <summary>Committed; the provider has not been called.</summary>
    Prepared,

    /// <summary>The call is on its way.</summary>
    Sent,

    /// <summary>The call certainly did not arrive.</summary>
    NotSent,

    /// <summary>The call may have arrived; the provider is being asked.</summary>
    Unknown,

    /// <summary>The provider has it and it is open.</summary>
    Pending,

    /// <summary>We moved on to another connection; watched in case money comes.</summary>
    Abandoned,

    /// <summary>Finally without money.</summary>
    Declined,

    /// <summary>Money came.</summary>
    Succeeded,
}

/// <summary>What a person has to look at beside a status.</summary>
public enum PaymentException
{
    None,

    /// <summary>Money came after we had given the payment up.</summary>
    Late,
    Underpaid,
    Overpaid,

    /// <summary>More than one attempt brought money.</summary>
    Duplicate,

    /// <summary>Money came in another currency.</summary>
    Mismatch,
}

/// <summary>Whether the payer's bank took the money back.</summary>
public enum PaymentDispute
{
    None,
    Open,
    Won,
    Lost,
}
