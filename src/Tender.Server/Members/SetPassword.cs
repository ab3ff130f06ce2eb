using System.Security.Cryptography;
using Microsoft.AspNetCore.Identity;
using Tender.Server.Audit;
using Tender.Server.Tenancy;

namespace Tender.Server.Members;

/// <summary>Gives a user another password from the command line: for somebody who forgot theirs. Sessions end, the lock opens; the second factor stays unless it is dropped.</summary>
internal sealed class SetPassword(OwnerDb owner, IPasswordHasher<User> hasher, ILookupNormalizer normalizer, CreateMember create, KnownMembers known)
{
    /// <param name="by">The actor, for the record.</param>
    /// <param name="dropSecondFactor">For who lost the phone and the recovery codes.</param>
    public async Task<Outcome> RunAsync(string email, string password, string by, CancellationToken cancellation, bool dropSecondFactor = false)
    {
        if (await create.CheckAsync(email, password, "-") is { } wrong) return new Outcome.Refused(wrong.Why);
        var id = await owner.QuerySingleOrDefaultAsync<string>("""
            update users set password_hash = @Hash, security_stamp = @Stamp, failed_count = 0, locked_until = null,
              totp_enabled = totp_enabled and not @dropSecondFactor,
              totp_key_sealed = case when @dropSecondFactor then null else totp_key_sealed end,
              recovery_code_hashes = case when @dropSecondFactor then '{}' else recovery_code_hashes end
            where normalized_email = @Email returning id
            """, new
        {
            Email = normalizer.NormalizeEmail(email.Trim()),
            Hash = hasher.HashPassword(new() { Id = "", Email = email, DisplayName = "" }, password),
            Stamp = RandomNumberGenerator.GetHexString(32),
            dropSecondFactor,
        }, cancellation);
        if (id is null) return new Outcome.Refused("Nobody has this mail address.");
        known.Forget(id);
        await owner.WriteAsync(new Batch().AddAudit(by, "user.password_set", id, new { DropSecondFactor = dropSecondFactor }), cancellation);
        return new Outcome.Done();
    }

    public abstract record Outcome
    {
        private Outcome()
        {
        }

        public sealed record Done : Outcome;

        public sealed record Refused(string Why) : Outcome;
    }
}
