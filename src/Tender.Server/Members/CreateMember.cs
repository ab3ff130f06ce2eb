using System.Net.Mail;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Identity;
using Npgsql;
using Tender.Server.Audit;
using Tender.Server.Tenancy;

namespace Tender.Server.Members;

/// <summary>Makes a user who can sign in, and a member of a tenant where one is named: for set-up, invitations, and the command line.</summary>
internal sealed class CreateMember(
    IServiceScopeFactory scopes, IPasswordHasher<User> hasher, ILookupNormalizer normalizer, OwnerDb owner, Ids ids)
{
    public const int NameCharsMax = 100;
    private const int EmailCharsMax = 254;

    /// <summary>The roles at a tenant; each includes those before it.</summary>
    public static readonly IReadOnlyList<string> Roles = ["viewer", "operator", "admin"];

    /// <param name="tenantCode">Null for somebody who runs the installation only.</param>
    /// <param name="role">viewer, operator or admin; does not matter without a tenant.</param>
    /// <param name="isOwner">Whether they run the installation.</param>
    public Task<Outcome> RunAsync(string email, string password, string name, string? tenantCode, string role, bool isOwner, CancellationToken cancellation) =>
        RunAsync(email, password, name, tenantCode, role, isOwner, together: new(), cancellation);

    /// <summary>The same, with what else is to be written in the same transaction or not at all.</summary>
    public async Task<Outcome> RunAsync(
        string email, string password, string name, string? tenantCode, string role, bool isOwner, Batch together, CancellationToken cancellation)
    {
        if (tenantCode is not null && !Roles.Contains(role)) return new Outcome.Refused("role", $"A role is one of {string.Join(", ", Roles)}.");
        if (await CheckAsync(email, password, name) is { } refused) return refused;

        var user = New(email, password, name, isOwner);
        together.Add("""
            insert into users (id, email, normalized_email, display_name, password_hash, security_stamp, is_owner)
            values (@Id, @Email, @NormalizedEmail, @DisplayName, @PasswordHash, @SecurityStamp, @IsOwner)
            """, new { user.Id, user.Email, user.NormalizedEmail, user.DisplayName, user.PasswordHash, user.SecurityStamp, user.IsOwner })
            .AddAudit(user.Id, "user.created", user.Id, new { user.Email, user.IsOwner });
        if (tenantCode is not null) AddMembership(together, user.Id, tenantCode, role, by: user.Id);
        try
        {
            await owner.WriteAsync(together, cancellation);
            return new Outcome.Made(user);
        }
        catch (PostgresException e) when (e.ConstraintName is "users_normalized_email_key")
        {
            return new Outcome.Refused("email", "Somebody has an account with this mail address already.");
        }
    }

    /// <summary>Makes somebody who has an account a member of one more tenant. Answers why not, or null.</summary>
    public async Task<string?> JoinAsync(string email, string tenantCode, string role, string by, CancellationToken cancellation)
    {
        var known = await owner.QuerySingleOrDefaultAsync<Known>("""
            select u.id, m.role from users u left join memberships m on m.user_id = u.id and m.tenant = @tenantCode where u.normalized_email = @Email
            """, new { tenantCode, Email = normalizer.NormalizeEmail(email.Trim()) }, cancellation);
        if (known is null) return "Nobody has this mail address.";
        if (known.Role is not null) return $"They are a member already, as {known.Role}; roles are changed in the console, under Team.";
        await owner.WriteAsync(AddMembership(new(), known.Id, tenantCode, role, by), cancellation);
        return null;
    }

    /// <summary>Makes a user a member, or gives a member another role.</summary>
    public static Batch AddMembership(Batch batch, string userId, string tenantCode, string role, string by) => batch
        .Add("""
            insert into memberships (user_id, tenant, role) values (@userId, @tenantCode, @role)
            on conflict (user_id, tenant) do update set role = excluded.role
            """, new { userId, tenantCode, role })
        .AddAudit(by, "member.joined", userId, new { Tenant = tenantCode, Role = role });

    /// <summary>What is wrong with what somebody typed; null when nothing is.</summary>
    public async Task<Outcome.Refused?> CheckAsync(string email, string password, string name)
    {
        if (name.Trim().Length is 0 or > NameCharsMax) return new("name", $"A name has 1 to {NameCharsMax} characters.");
        if (email.Trim().Length > EmailCharsMax || !MailAddress.TryCreate(email.Trim(), out var address) || address.Address != email.Trim())
            return new("email", "This is no mail address.");
        return await CheckPasswordAsync(email, password, name) is { } why ? new("password", why) : null;
    }

    private async Task<string?> CheckPasswordAsync(string email, string password, string name)
    {
        await using var scope = scopes.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<User>>();
        var user = new User { Id = "", Email = email, DisplayName = name };
        foreach (var validator in users.PasswordValidators)
        {
            var result = await validator.ValidateAsync(users, user, password);
            if (!result.Succeeded) return result.Errors.First().Description;
        }

        return null;
    }

    private User New(string email, string password, string name, bool isOwner)
    {
        var stamp = RandomNumberGenerator.GetHexString(32);
        var user = new User { Id = ids.NewForOwner("usr"), Email = email.Trim(), DisplayName = name.Trim(), IsOwner = isOwner, SecurityStamp = stamp, StoredStamp = stamp };
        user.NormalizedEmail = normalizer.NormalizeEmail(user.Email);
        user.PasswordHash = hasher.HashPassword(user, password);
        return user;
    }

    public abstract record Outcome
    {
        private Outcome()
        {
        }

        public sealed record Made(User User) : Outcome;

        /// <param name="Field">email, password, name or role.</param>
        public sealed record Refused(string Field, string Why) : Outcome;
    }

    private sealed record Known(string Id, string? Role);
}
