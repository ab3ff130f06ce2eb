using System.Text;
using Tender.Domain.Providers;
using Tender.Providers.Stripe;

namespace Tender.Tests.Providers.Stripe;

/// <summary>The signature by the sheet's vector, by Stripe's own library, and by every way a header can be bent.</summary>
public sealed class StripeSignatureTests
{
    private const string Body = """{"id":"evt_test","object":"event"}""";
    private const string Vector = "8042376f6ca064adbe037642a718227dfd59047137eb49497a54c49eb0cfb724";
    private const string Signature = $"t=1700000000,v1={Vector}";
    private static readonly DateTimeOffset Then = DateTimeOffset.FromUnixTimeSeconds(1_700_000_000);
    private static readonly string Zeros = new('0', 64);

    [Fact]
    public void The_published_vector_fits() => Doubt(Signature).ShouldBeNull();

    [Fact]
    public void Other_schemes_and_other_secrets_beside_it_do_no_harm()
    {
        Doubt($"t=1700000000,v0={Zeros},v1={Zeros},v1={Vector},v9=x").ShouldBeNull();
        Doubt($"t=1700000000, v1={Vector}").ShouldBeNull();
    }

    [Fact]
    public void A_bent_header_is_refused()
    {
        foreach (var header in new[]
        {
            "", " ", "t", "t=", "v1=", "t=1700000000", $"v1={Vector}", $"t=1700000000,v0={Vector}", $"t=1700000000,v1={Vector.ToUpperInvariant()}",
            $"t=1700000000,v1={Vector[..63]}", $"t=1700000000,v1={Vector}0", $"t=1700000001,v1={Vector}", $"t=1700000000,t=1700000000,v1={Vector}",
            $"t=+1700000000,v1={Vector}", $"t= 1700000000,v1={Vector}", $"t=01700000000,v1={Vector}", $"t=1700000000.0,v1={Vector}", $"t=-1,v1={Vector}",
            $"t=99999999999999999999,v1={Vector}", $"t=1700000000;v1={Vector}", $"T=1700000000,V1={Vector}",
            $"t=1700000000,{string.Concat(Enumerable.Repeat($"v1={Zeros},", 16))}v1={Vector}", $"t=1700000000,v1={Vector}{new string(',', 3000)}",
        })
        {
            Doubt(header).ShouldNotBeNull(header);
        }
    }

    [Theory]
    [InlineData(300, true)]
    [InlineData(-300, true)]
    [InlineData(301, false)]
    [InlineData(-301, false)]
    public void It_holds_for_five_minutes_on_both_sides(int seconds, bool holds) =>
        (Doubt(Signature, at: Then.AddSeconds(seconds)) is null).ShouldBe(holds);

    [Fact]
    public void A_body_that_is_no_text_is_refused_even_when_signed()
    {
        byte[] body = [.. "{\"id\":\""u8, 0xC3, 0x28, .. "\"}"u8];
        var mac = Convert.ToHexStringLower(System.Security.Cryptography.HMACSHA256.HashData("whsec_test_secret"u8, [.. "1700000000."u8, .. body]));

        StripeSignature.Doubt(Delivery($"t=1700000000,v1={mac}", body, Then), [new("whsec_test_secret")]).ShouldBe("the body is not text");
    }

    [Fact]
    public void A_body_larger_than_any_event_is_not_even_hashed()
    {
        var body = Encoding.UTF8.GetBytes($"{{\"id\":\"{new string('x', StripeSignature.BodyBytesMax)}\"}}");
        var signed = StripeExam.Signed(Encoding.UTF8.GetString(body), "whsec_test_secret", Then);

        StripeSignature.Doubt(signed, [new("whsec_test_secret")]).ShouldNotBeNull();
    }

    [Fact]
    public void An_empty_secret_proves_nothing()
    {
        StripeSignature.Doubt(StripeExam.Signed(Body, "", Then), []).ShouldNotBeNull();
        StripeSignature.Doubt(StripeExam.Signed(Body, "", Then), [new("")]).ShouldNotBeNull();
    }

    // The npm package stripe makes the header: software that is neither ours nor written from our sheet.
    [Fact]
    public async Task What_stripes_own_library_signs_is_believed()
    {
        var header = await StripeLibrary.SignAsync(Body, "whsec_test_secret", 1_700_000_000);

        header.ShouldStartWith("t=1700000000,v1=");
        Doubt(header).ShouldBeNull();
    }

    [Fact]
    public async Task What_stripes_own_library_would_refuse_is_not_believed()
    {
        var header = await StripeLibrary.SignAsync(Body, "whsec_another", 1_700_000_000);

        Doubt(header).ShouldNotBeNull();
    }

    private static string? Doubt(string header, DateTimeOffset? at = null) =>
        StripeSignature.Doubt(Delivery(header, Encoding.UTF8.GetBytes(Body), at ?? Then), [new Secret("whsec_test_secret")]);

    private static WebhookDelivery Delivery(string header, byte[] body, DateTimeOffset at) =>
        new(body, new Dictionary<string, string> { ["Stripe-Signature"] = header }, at);
}
