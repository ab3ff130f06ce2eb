using System.Security.Cryptography;
using System.Text;
using Tender.Domain.Providers;

namespace Tender.Server.Secrets;

/// <summary>
/// Opens what <c>encryptForServer</c> sealed in the browser: ECDH-ES on P-256 straight to A256GCM, for this tenant and purpose, once.
/// </summary>
internal sealed class DecryptFromClient(EncryptionKeys keys, Challenges challenges)
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public async Task<Outcome> RunAsync(string? token, string tenant, string purpose, CancellationToken cancellation)
    {
        if (ClientToken.TryRead(token) is not { } read) return new Outcome.Refused("is not sealed as encryptForServer seals");
        if (read.Tenant != tenant || read.Purpose != purpose) return new Outcome.Refused("was sealed for something else");
        if (!challenges.IsGood(read.Challenge, tenant, read.ExpiresAt)) return new Outcome.Refused("was sealed too long ago; seal it again");
        if (await keys.FindAsync(read.Kid, cancellation) is not { } pair) return new Outcome.Refused("was sealed for a key that is no longer used; seal it again");
        if (TryOpen(read, pair) is not { } secret) return new Outcome.Refused("was changed after it was sealed");

        // Last, so that only a genuine token can use up a challenge.
        return await challenges.TryUseAsync(read.Challenge, read.ExpiresAt, cancellation)
            ? new Outcome.Opened(secret)
            : new Outcome.Refused("was sent before; seal it again");
    }

    private static Secret? TryOpen(ClientToken token, KeyPair pair)
    {
        byte[] agreed = [], contentKey = [], plain = [];
        try
        {
            agreed = Agree(token.Epk, pair);
            contentKey = ConcatKdf.Derive(agreed, "A256GCM", keyBytes: 32);
            plain = AesSeal.Open(contentKey, token.Nonce, token.Ciphertext, token.Tag, token.BoundTo);
            return new(StrictUtf8.GetString(plain));
        }
        catch (Exception fault) when (fault is CryptographicException or DecoderFallbackException)
        {
            return null;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(agreed);
            CryptographicOperations.ZeroMemory(contentKey);
            CryptographicOperations.ZeroMemory(plain);
        }
    }

    private static byte[] Agree(P256Point theirs, KeyPair ours)
    {
        using var mine = ECDiffieHellman.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, Q = new() { X = ours.X, Y = ours.Y }, D = ours.D });
        using var other = ECDiffieHellman.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, Q = theirs.Q });
        return mine.DeriveRawSecretAgreement(other.PublicKey);
    }

    public abstract record Outcome
    {
        private Outcome() { }

        /// <summary>The secret, in use from here on.</summary>
        public sealed record Opened(Secret Secret) : Outcome;

        /// <summary>Not opened; the reason completes a sentence that begins with the field's name.</summary>
        public sealed record Refused(string Why) : Outcome;
    }
}
