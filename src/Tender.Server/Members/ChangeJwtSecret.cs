using System.ComponentModel.DataAnnotations;
using System.Text;
using Npgsql;
using Tender.Server.Audit;
using Tender.Server.Secrets;
using Tender.Server.Tenancy;

namespace Tender.Server.Members;

/// <summary>Sets what the tokens of a tenant's users are signed with, or goes back to the installation's own. The secret is never shown again.</summary>
internal sealed class ChangeJwtSecret(OwnerDb owner, DecryptFromClient decrypt, EncryptForStorage encrypt, JwtSecrets secrets, Ids ids, TimeProvider time)
{
    /// <summary>What a sealed one must say it is for.</summary>
    public const string Purpose = "jwt-secret";

    /// <summary>How long the one before may go on counting: a week.</summary>
    public const int HoursMax = 168;
    public const int HoursUsual = 24;

    // RFC 7518, 3.2: a key of the hash's size or more.
    private const int BytesMin = 32;
    private const int BytesMax = 1_000;

    public async Task<Outcome> SetAsync(TenantDb db, Request request, Caller caller, CancellationToken cancellation)
    {
        var opened = await decrypt.RunAsync(request.Secret, db.Tenant.Code, Purpose, cancellation);
        if (opened is DecryptFromClient.Outcome.Refused { Why: var why }) return new Outcome.Refused(why);
        var secret = ((DecryptFromClient.Outcome.Opened)opened).Secret;
        if (Encoding.UTF8.GetByteCount(secret.Reveal()) is < BytesMin or > BytesMax) return new Outcome.Refused($"must have {BytesMin} to {BytesMax} bytes");

        var id = ids.New("jwt", db.Tenant.Code);
        var (now, hours) = (time.GetUtcNow(), request.PreviousForHours ?? HoursUsual);
        var batch = new Batch().Add("delete from jwt_secrets where tenant = @Code and @hours = 0", new { db.Tenant.Code, hours });
        if (hours > 0) AddPrevious(batch, db.Tenant.Code, now.AddHours(hours), now);
        batch.Add("insert into jwt_secrets (id, tenant, sealed, created_by, created_at) values (@id, @Code, @Text, @Actor, @now)",
            new { id, db.Tenant.Code, (await encrypt.RunAsync(secret, JwtSecrets.Place(db.Tenant.Code, id), cancellation)).Text, caller.Actor, now });
        return await WriteAsync(db, batch, caller, "jwt_secret.set", new { PreviousForHours = hours }, cancellation);
    }

    /// <summary>From now on the installation's counts, and no other.</summary>
    public Task<Outcome> RemoveAsync(TenantDb db, Caller caller, CancellationToken cancellation) =>
        WriteAsync(db, new Batch().Add("delete from jwt_secrets where tenant = @Code", new { db.Tenant.Code }), caller, "jwt_secret.removed", null, cancellation);

    /// <summary>How it stands, without the secret.</summary>
    public async Task<View> ReadAsync(string tenantCode, CancellationToken cancellation)
    {
        var rows = await owner.QueryAsync<Row>("""
            select coalesce(u.display_name, s.created_by) as set_by, s.created_at as set_at, s.ends_at
            from jwt_secrets s left join users u on u.id = s.created_by where s.tenant = @tenantCode
            """, new { tenantCode }, cancellation);
        var (own, before) = (rows.FirstOrDefault(row => row.EndsAt is null), rows.Where(row => row.EndsAt > time.GetUtcNow()).MaxBy(row => row.EndsAt));
        return new(own is not null, own?.SetAt, own?.SetBy, before?.EndsAt);
    }

    // Who had none of their own until now goes on with the installation's.
    private void AddPrevious(Batch batch, string tenantCode, DateTimeOffset until, DateTimeOffset now)
    {
        batch.Add("update jwt_secrets set ends_at = @until where tenant = @tenantCode and ends_at is null", new { tenantCode, until });
        batch.Add("""
            insert into jwt_secrets (id, tenant, created_at, ends_at)
            select @Id, @tenantCode, @now, @until where not exists (select from jwt_secrets where tenant = @tenantCode)
            """, new { Id = ids.New("jwt", tenantCode), tenantCode, now, until });
    }

    private async Task<Outcome> WriteAsync(TenantDb db, Batch batch, Caller caller, string action, object? details, CancellationToken cancellation)
    {
        try
        {
            await owner.WriteAsync(batch.AddAudit(caller.Actor, action, db.Tenant.Code, new { Tenant = db.Tenant.Code }), cancellation);
        }
        catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.UniqueViolation)
        {
            return new Outcome.ChangedMeanwhile();
        }

        secrets.Forget(db.Tenant.Code);
        // The tenant's own audit lies in another database, and says it too; also when the caller hung up.
        await db.WriteAsync(new Batch().AddAudit(caller, action, db.Tenant.Code, details), CancellationToken.None);
        return new Outcome.Changed(await ReadAsync(db.Tenant.Code, CancellationToken.None));
    }

    /// <param name="Secret">32 bytes or more, sealed by encryptForServer for jwt-secret.</param>
    /// <param name="PreviousForHours">How long tokens signed with what counted before are still taken; 24 when missing, 0 ends them at once.</param>
    public sealed record Request([property: Required] string Secret, [property: Range(0, HoursMax)] int? PreviousForHours = null);

    /// <param name="IsOwn">False: the installation's JWT_SECRET counts.</param>
    /// <param name="PreviousUntil">When the last of those before stops counting; null when none does.</param>
    public sealed record View(bool IsOwn, DateTimeOffset? SetAt, string? SetBy, DateTimeOffset? PreviousUntil);

    private sealed record Row(string? SetBy, DateTimeOffset SetAt, DateTimeOffset? EndsAt);

    public abstract record Outcome
    {
        private Outcome() { }

        public sealed record Changed(View Now) : Outcome;

        /// <summary>The reason completes a sentence that begins with the field's name.</summary>
        public sealed record Refused(string Why) : Outcome;

        /// <summary>Somebody else set one at the same moment.</summary>
        public sealed record ChangedMeanwhile : Outcome;
    }
}
