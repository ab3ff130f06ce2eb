using System.Globalization;
using System.Numerics;
using System.Security.Cryptography;

namespace Tender.Server.Secrets;

/// <summary>A public key on P-256, proven to be on the curve: one off it would let a sender learn our private key bit by bit.</summary>
internal sealed record P256Point
{
    private const int CoordinateBytes = 32;

    // FIPS 186-4, D.1.2.3: p and b; a is -3.
    private static readonly BigInteger P = Hex("ffffffff00000001000000000000000000000000ffffffffffffffffffffffff");
    private static readonly BigInteger B = Hex("5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604b");

    private P256Point(ECPoint point) => Q = point;

    public ECPoint Q { get; }

    /// <summary>From two coordinates of 32 bytes in base64url; null when they are none, or not a point of the curve.</summary>
    public static P256Point? TryRead(string? x, string? y)
    {
        if (CanonicalBase64Url.TryDecode(x) is not { Length: CoordinateBytes } xBytes) return null;
        if (CanonicalBase64Url.TryDecode(y) is not { Length: CoordinateBytes } yBytes) return null;
        return IsOnCurve(Number(xBytes), Number(yBytes)) ? new(new ECPoint { X = xBytes, Y = yBytes }) : null;
    }

    // The curve's order is prime, so every point on it is safe to use; the point at infinity has no coordinates.
    private static bool IsOnCurve(BigInteger x, BigInteger y) => x < P && y < P && ((y * y) - (x * x * x) + (3 * x) - B) % P == 0;

    private static BigInteger Number(byte[] bytes) => new(bytes, isUnsigned: true, isBigEndian: true);

    private static BigInteger Hex(string digits) => BigInteger.Parse("0" + digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
}
