namespace Tender.Server.Members;

/// <summary>Somebody who signs in: a member of tenants, or the owner, or both. Identity fills and saves it.</summary>
internal sealed class User
{
    public required string Id { get; init; }

    /// <summary>Also the name one signs in with.</summary>
    public required string Email { get; set; }

    public string NormalizedEmail { get; set; } = "";

    public required string DisplayName { get; set; }

    public string? PasswordHash { get; set; }

    public string SecurityStamp { get; set; } = "";

    /// <summary>As it is stored: nothing is saved over what somebody else has changed since.</summary>
    public string StoredStamp { get; set; } = "";

    /// <summary>The key of the second factor, wrapped by the master key.</summary>
    public string? TotpKeySealed { get; set; }

    public bool TotpEnabled { get; set; }

    public string[] RecoveryCodeHashes { get; set; } = [];

    public int FailedCount { get; set; }

    public DateTimeOffset? LockedUntil { get; set; }

    public bool IsOwner { get; init; }
}
