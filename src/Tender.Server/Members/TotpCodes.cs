using System.Buffers.Binary;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Identity;
using Tender.Server.Tenancy;

namespace Tender.Server.Members;

/// <summary>The second factor: codes of an authenticator app (RFC 6238). Each counts once, and those beside it for a clock that is off.</summary>
internal sealed class TotpCodes(OwnerDb owner, TimeProvider time) : IUserTwoFactorTokenProvider<User>
{
    private const int StepSeconds = 30;
    // Six digits.
    private const int Codes = 1_000_000;
    private const int CodeChars = 6;

    /// <summary>What authenticator apps make of 30 seconds; the key's first form is bytes.</summary>
    public static string At(ReadOnlySpan<byte> key, long step)
    {
        Span<byte> counter = stackalloc byte[8];
        BinaryPrimitives.WriteInt64BigEndian(counter, step);
        Span<byte> hash = stackalloc byte[HMACSHA1.HashSizeInBytes];
#pragma warning disable CA5350 // RFC 6238's default, and the only one that every app knows; HMAC-SHA-1 is not broken.
        HMACSHA1.HashData(key, counter, hash);
#pragma warning restore CA5350
        var offset = hash[^1] & 15;
        return $"{(BinaryPrimitives.ReadInt32BigEndian(hash[offset..]) & int.MaxValue) % Codes:D6}";
    }

    public async Task<bool> ValidateAsync(string purpose, string token, UserManager<User> manager, User user)
    {
        var code = token.Replace(" ", "", StringComparison.Ordinal);
        if (code.Length is not CodeChars || await manager.GetAuthenticatorKeyAsync(user) is not { } key) return false;
        if (StepOf(Base32.Decode(key), code) is not { } step) return false;

        // Whoever looked over the shoulder is too late, and so is the second of two at once.
        return await owner.ExecuteAsync("update users set totp_last_step = @step where id = @Id and totp_last_step < @step", new { user.Id, step }, CancellationToken.None) is 1;
    }

    public Task<string> GenerateAsync(string purpose, UserManager<User> manager, User user) => Task.FromResult("");

    public async Task<bool> CanGenerateTwoFactorTokenAsync(UserManager<User> manager, User user) => await manager.GetAuthenticatorKeyAsync(user) is not null;

    private long? StepOf(byte[] key, string code)
    {
        var now = time.GetUtcNow().ToUnixTimeSeconds() / StepSeconds;
        long? matching = null;
        for (var step = now - 1; step <= now + 1; step++)
        {
            if (CryptographicOperations.FixedTimeEquals(System.Text.Encoding.ASCII.GetBytes(At(key, step)), System.Text.Encoding.UTF8.GetBytes(code))) matching = step;
        }

        return matching;
    }
}
