using System.Security.Cryptography;
using System.Text.Json;
using Tender.Server.Events;
using Tender.Server.Tenancy;

namespace Tender.Server.Secrets;

/// <summary>
/// After a tenant's key was turned: what older versions sealed is sealed anew, while all of it stays in use. Stopped anywhere, it goes on
/// from there; two nodes at once do no harm, since each writes only over what it read.
/// </summary>
internal sealed partial class ResealConnections(
    TenantKeys keys, DecryptFromStorage decrypt, EncryptForStorage encrypt, ILogger<ResealConnections> log) : ITenantWork
{
    private const int AtOnce = 100;

    public Work Work => WorkKind.Secrets;

    public async Task<DateTimeOffset?> RunAsync(TenantDb db, CancellationToken cancellation)
    {
        var version = await keys.TurnedToAsync(db.Tenant.Code, cancellation);
        // Most tenants never turn their key: one remembered look and they are done.
        if (version is null) return null;

        var after = "";
        var failed = 0;
        while (await OlderThanAsync(db, version.Value, after, cancellation) is { Count: > 0 } older)
        {
            foreach (var row in older)
            {
                if (!await TryAsync(db, row, cancellation)) failed++;
            }

            after = older[^1].Id;
        }

        // Said once all others are done: whoever runs this comes back later and later, not with every look.
        return failed is 0 ? null : throw new CryptographicException($"{failed} of the tenant's connections keep what an older key sealed");
    }

    private async Task<bool> TryAsync(TenantDb db, Row row, CancellationToken cancellation)
    {
        try
        {
            await ResealAsync(db, row, cancellation);
            return true;
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            SayFailed(log, row.Id, fault);
            return false;
        }
    }

    private static Task<IReadOnlyList<Row>> OlderThanAsync(TenantDb db, int version, string after, CancellationToken cancellation) => db.QueryAsync<Row>("""
        select id, sealed_secrets::text as sealed_secrets from connections
        where id > @after and exists (select 1 from jsonb_each_text(sealed_secrets) as s where not starts_with(s.value, @Current))
        order by id limit @AtOnce
        """, new { after, Current = $"v1.{version}.", AtOnce }, cancellation);

    private async Task ResealAsync(TenantDb db, Row row, CancellationToken cancellation)
    {
        var anew = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (field, text) in JsonSerializer.Deserialize<Dictionary<string, string>>(row.SealedSecrets)!)
        {
            var place = new SecretPlace(db.Tenant.Code, row.Id, field);
            anew[field] = (await encrypt.RunAsync(await decrypt.RunAsync(new(text), place, cancellation), place, cancellation)).Text;
        }

        // Not when somebody entered new credentials meanwhile: those are sealed with the new key already, or are found the next time.
        await db.ExecuteAsync(
            "update connections set sealed_secrets = @Anew::jsonb where id = @Id and sealed_secrets = @SealedSecrets::jsonb",
            new { row.Id, row.SealedSecrets, Anew = JsonSerializer.Serialize(anew) }, cancellation);
    }

    [LoggerMessage(2003, LogLevel.Error, "The secrets of connection {ConnectionId} could not be sealed anew.")]
    private static partial void SayFailed(ILogger log, string connectionId, Exception fault);

    private sealed record Row(string Id, string SealedSecrets);
}
