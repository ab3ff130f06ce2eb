using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Identity;
using Tender.Server.Secrets;
using Tender.Server.Tenancy;

namespace Tender.Server.Members;

/// <summary>
/// Keeps Identity's users in the owner's database. What many may change at once (failed tries, the lock, recovery codes) is
/// changed in place; everything else is saved only over what was read.
/// </summary>
internal sealed class UserStore(OwnerDb owner, MasterKey master, KnownMembers known) :
    IUserPasswordStore<User>, IUserEmailStore<User>, IUserSecurityStampStore<User>, IUserLockoutStore<User>,
    IUserTwoFactorStore<User>, IUserAuthenticatorKeyStore<User>, IUserTwoFactorRecoveryCodeStore<User>
{
    private const string Select = """
        select id, email, normalized_email, display_name, password_hash, security_stamp, security_stamp as stored_stamp, totp_key_sealed, totp_enabled,
          recovery_code_hashes, failed_count, locked_until, is_owner
        from users
        """;

    private readonly byte[] recoveryKey = master.Derive("recovery codes");

    public Task<IdentityResult> CreateAsync(User user, CancellationToken cancellationToken) => throw new NotSupportedException("CreateMember makes users");

    public Task<IdentityResult> DeleteAsync(User user, CancellationToken cancellationToken) => throw new NotSupportedException("users are not deleted");

    public async Task<IdentityResult> UpdateAsync(User user, CancellationToken cancellationToken)
    {
        var saved = await owner.ExecuteAsync("""
            update users set email = @Email, normalized_email = @NormalizedEmail, display_name = @DisplayName, password_hash = @PasswordHash,
              security_stamp = @SecurityStamp, totp_key_sealed = @TotpKeySealed, totp_enabled = @TotpEnabled
            where id = @Id and security_stamp = @StoredStamp
            """, user, cancellationToken);
        known.Forget(user.Id);
        if (saved is 0) return IdentityResult.Failed(new IdentityErrorDescriber().ConcurrencyFailure());
        user.StoredStamp = user.SecurityStamp;
        return IdentityResult.Success;
    }

    public Task<User?> FindByIdAsync(string userId, CancellationToken cancellationToken) =>
        owner.QuerySingleOrDefaultAsync<User>($"{Select} where id = @userId", new { userId }, cancellationToken);

    public Task<User?> FindByEmailAsync(string normalizedEmail, CancellationToken cancellationToken) =>
        owner.QuerySingleOrDefaultAsync<User>($"{Select} where normalized_email = @normalizedEmail", new { normalizedEmail }, cancellationToken);

    public Task<User?> FindByNameAsync(string normalizedUserName, CancellationToken cancellationToken) => FindByEmailAsync(normalizedUserName, cancellationToken);

    public async Task<int> IncrementAccessFailedCountAsync(User user, CancellationToken cancellationToken) => user.FailedCount =
        await owner.QuerySingleOrDefaultAsync<int>("update users set failed_count = failed_count + 1 where id = @Id returning failed_count", new { user.Id }, cancellationToken);

    public Task ResetAccessFailedCountAsync(User user, CancellationToken cancellationToken)
    {
        user.FailedCount = 0;
        return owner.ExecuteAsync("update users set failed_count = 0 where id = @Id", new { user.Id }, cancellationToken);
    }

    public Task SetLockoutEndDateAsync(User user, DateTimeOffset? lockoutEnd, CancellationToken cancellationToken)
    {
        user.LockedUntil = lockoutEnd;
        return owner.ExecuteAsync("update users set locked_until = @LockedUntil where id = @Id", new { user.Id, user.LockedUntil }, cancellationToken);
    }

    public Task SetAuthenticatorKeyAsync(User user, string key, CancellationToken cancellationToken)
    {
        user.TotpKeySealed = Convert.ToBase64String(master.Wrap(Encoding.ASCII.GetBytes(key), TotpPurpose(user)));
        return Task.CompletedTask;
    }

    public Task<string?> GetAuthenticatorKeyAsync(User user, CancellationToken cancellationToken) => Task.FromResult(
        user.TotpKeySealed is { } wrapped ? Encoding.ASCII.GetString(master.Unwrap(Convert.FromBase64String(wrapped), TotpPurpose(user))) : null);

    public Task ReplaceCodesAsync(User user, IEnumerable<string> recoveryCodes, CancellationToken cancellationToken)
    {
        user.RecoveryCodeHashes = [.. recoveryCodes.Select(code => HashOf(user, code))];
        return owner.ExecuteAsync("update users set recovery_code_hashes = @RecoveryCodeHashes where id = @Id", new { user.Id, user.RecoveryCodeHashes }, cancellationToken);
    }

    // Of two who bring the same code at once, one is too late.
    public async Task<bool> RedeemCodeAsync(User user, string code, CancellationToken cancellationToken) => await owner.ExecuteAsync("""
        update users set recovery_code_hashes = array_remove(recovery_code_hashes, @Hash) where id = @Id and @Hash = any (recovery_code_hashes)
        """, new { user.Id, Hash = HashOf(user, code) }, cancellationToken) is 1;

    public Task<int> CountCodesAsync(User user, CancellationToken cancellationToken) => Task.FromResult(user.RecoveryCodeHashes.Length);

    public void Dispose()
    {
    }

    // Keyed, because a code is short enough to be guessed from a plain hash.
    private string HashOf(User user, string code) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(recoveryKey, Encoding.UTF8.GetBytes($"{user.Id}/{code.Trim().ToUpperInvariant()}")));

    private static string TotpPurpose(User user) => $"totp/{user.Id}";

    // What follows only reads and sets the user in memory, as Identity's interfaces ask.
    public Task<string> GetUserIdAsync(User user, CancellationToken cancellationToken) => Task.FromResult(user.Id);

    public Task<string?> GetUserNameAsync(User user, CancellationToken cancellationToken) => Task.FromResult<string?>(user.Email);

    public Task<string?> GetEmailAsync(User user, CancellationToken cancellationToken) => Task.FromResult<string?>(user.Email);

    public Task<string?> GetNormalizedUserNameAsync(User user, CancellationToken cancellationToken) => Task.FromResult<string?>(user.NormalizedEmail);

    public Task<string?> GetNormalizedEmailAsync(User user, CancellationToken cancellationToken) => Task.FromResult<string?>(user.NormalizedEmail);

    public Task<string?> GetPasswordHashAsync(User user, CancellationToken cancellationToken) => Task.FromResult(user.PasswordHash);

    public Task<bool> HasPasswordAsync(User user, CancellationToken cancellationToken) => Task.FromResult(user.PasswordHash is not null);

    public Task<string?> GetSecurityStampAsync(User user, CancellationToken cancellationToken) => Task.FromResult<string?>(user.SecurityStamp);

    public Task<DateTimeOffset?> GetLockoutEndDateAsync(User user, CancellationToken cancellationToken) => Task.FromResult(user.LockedUntil);

    public Task<int> GetAccessFailedCountAsync(User user, CancellationToken cancellationToken) => Task.FromResult(user.FailedCount);

    public Task<bool> GetLockoutEnabledAsync(User user, CancellationToken cancellationToken) => Task.FromResult(true);

    public Task<bool> GetEmailConfirmedAsync(User user, CancellationToken cancellationToken) => Task.FromResult(true);

    public Task<bool> GetTwoFactorEnabledAsync(User user, CancellationToken cancellationToken) => Task.FromResult(user.TotpEnabled);

    public Task SetUserNameAsync(User user, string? userName, CancellationToken cancellationToken) => SetEmailAsync(user, userName, cancellationToken);

    public Task SetEmailAsync(User user, string? email, CancellationToken cancellationToken) => Set(() => user.Email = email ?? user.Email);

    public Task SetNormalizedUserNameAsync(User user, string? normalizedName, CancellationToken cancellationToken) => SetNormalizedEmailAsync(user, normalizedName, cancellationToken);

    public Task SetNormalizedEmailAsync(User user, string? normalizedEmail, CancellationToken cancellationToken) => Set(() => user.NormalizedEmail = normalizedEmail ?? user.NormalizedEmail);

    public Task SetPasswordHashAsync(User user, string? passwordHash, CancellationToken cancellationToken) => Set(() => user.PasswordHash = passwordHash);

    public Task SetSecurityStampAsync(User user, string stamp, CancellationToken cancellationToken) => Set(() => user.SecurityStamp = stamp);

    public Task SetTwoFactorEnabledAsync(User user, bool enabled, CancellationToken cancellationToken) => Set(() => user.TotpEnabled = enabled);

    public Task SetLockoutEnabledAsync(User user, bool enabled, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task SetEmailConfirmedAsync(User user, bool confirmed, CancellationToken cancellationToken) => Task.CompletedTask;

    private static Task Set(Action set)
    {
        set();
        return Task.CompletedTask;
    }
}
