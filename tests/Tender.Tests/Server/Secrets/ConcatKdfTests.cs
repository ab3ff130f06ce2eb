using System.Security.Cryptography;
using System.Text;
using Tender.Server.Secrets;

namespace Tender.Tests.Server.Secrets;

public sealed class ConcatKdfTests
{
    [Fact]
    public void Agreement_and_derivation_give_the_key_of_RFC_7518_appendix_C()
    {
        using var bob = ECDiffieHellman.Create(new ECParameters
        {
            Curve = ECCurve.NamedCurves.nistP256,
            Q = Point("weNJy2HscCSM6AEDTDg04biOvhFhyyWvOHQfeF_PxMQ", "e8lnCO-AlStT-NJVX-crhB7QRYhiix03illJOVAOyck"),
            D = Bytes("VEmDZpDXXK8p8N0Cndsxs924q6nS1RXFASRl6BfUqdw"),
        });
        using var alice = ECDiffieHellman.Create(new ECParameters
        {
            Curve = ECCurve.NamedCurves.nistP256,
            Q = Point("gI0GAILBdu7T53akrFmMyGcsF3n5dO7MmwNBHKW5SV0", "SLW_xSffzlPWrHEVI30DHM_4egVwt3NQqeUD7nMFpps"),
        });

        var agreed = bob.DeriveRawSecretAgreement(alice.PublicKey);
        var key = ConcatKdf.Derive(agreed, "A128GCM", keyBytes: 16, "Alice"u8, "Bob"u8);

        agreed.ShouldBe([
            158, 86, 217, 29, 129, 113, 53, 211, 114, 131, 66, 131, 191, 132, 38, 156,
            251, 49, 110, 163, 218, 128, 106, 72, 246, 218, 167, 121, 140, 254, 144, 196]);
        CanonicalBase64Url.Encode(key).ShouldBe("VqqN6vgjbSBcIijNcacQGg");
    }

    [Theory]
    [InlineData("AA", true)]
    [InlineData("AB", false)]
    [InlineData("AA==", false)]
    [InlineData("AA ", false)]
    [InlineData("A", false)]
    [InlineData("+/8", false)]
    [InlineData("-_8", true)]
    public void Base64url_has_one_spelling(string text, bool isGood) => (CanonicalBase64Url.TryDecode(text) is not null).ShouldBe(isGood);

    [Fact]
    public void A_point_of_the_curve_is_told_from_one_beside_it()
    {
        const string x = "weNJy2HscCSM6AEDTDg04biOvhFhyyWvOHQfeF_PxMQ", y = "e8lnCO-AlStT-NJVX-crhB7QRYhiix03illJOVAOyck";

        P256Point.TryRead(x, y).ShouldNotBeNull();
        P256Point.TryRead(y, x).ShouldBeNull();
        P256Point.TryRead(x, x).ShouldBeNull();
    }

    private static ECPoint Point(string x, string y) => new() { X = Bytes(x), Y = Bytes(y) };

    private static byte[] Bytes(string text)
    {
        Encoding.ASCII.GetByteCount(text).ShouldBe(43);
        return CanonicalBase64Url.TryDecode(text)!;
    }
}
