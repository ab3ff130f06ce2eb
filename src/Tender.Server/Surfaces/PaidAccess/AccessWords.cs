namespace Tender.Server.Surfaces.PaidAccess;

/// <summary>Paid access in words for people.</summary>
internal static class AccessWords
{
    /// <summary>What became of an order's key, after its first characters.</summary>
    public static string OfKey(string? status) => status switch
    {
        "waiting" => "not looked at yet",
        "shown" => "shown",
        "erased" => "erased: nobody looked in time",
        "revoked" => "revoked",
        _ => "–",
    };

    /// <summary>Goes on with: the key …</summary>
    public static string WhyGone(UserKeys.Row key) => key switch
    {
        { RevokedWhy: "refunded" } => "was revoked: the payment was refunded",
        { RevokedWhy: "disputed" } => "was revoked: the payment was disputed, and the bank took it back",
        { RevokedWhy: "revoked" } => "was revoked by the seller",
        { RevokedAt: not null } => "was deleted",
        { RevealedAt: not null } => "was shown before",
        _ => "was not looked at within 24 hours of the payment, and was erased",
    };
}
