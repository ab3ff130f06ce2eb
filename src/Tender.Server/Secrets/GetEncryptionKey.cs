using Tender.Server.Tenancy;

namespace Tender.Server.Secrets;

/// <summary>GET /api/encryption-key: what <c>encryptForServer</c> needs to seal one secret for this tenant.</summary>
internal sealed class GetEncryptionKey(EncryptionKeys keys, Challenges challenges)
{
    public async Task<Answer> RunAsync(Tenant tenant, CancellationToken cancellation)
    {
        var pair = await keys.CurrentAsync(cancellation);
        var challenge = challenges.Issue(tenant.Code);
        return new(pair.Kid, new("EC", "P-256", CanonicalBase64Url.Encode(pair.X), CanonicalBase64Url.Encode(pair.Y)), challenge.Text, tenant.Code, challenge.ExpiresAt);
    }

    /// <param name="Challenge">Good for one secret; ask again for the next.</param>
    /// <param name="Tenant">Goes into the sealed secret's header.</param>
    public sealed record Answer(string Kid, PublicKey Jwk, string Challenge, string Tenant, DateTimeOffset ExpiresAt);

    /// <summary>A public JSON Web Key (RFC 7517).</summary>
    public sealed record PublicKey(string Kty, string Crv, string X, string Y);
}
