using System.Text.Json;
using System.Text.Json.Nodes;
using Tender.Server.Secrets;

namespace Tender.Tests.Server.Secrets;

/// <summary>The server against software that is not ours: the npm package jose, and against what the browser is really given.</summary>
public sealed class JoseTests
{
    private static readonly string[] Plain = ["sk_test_123", "ü€漢字 \U0001F512", new('x', 8_000)];

    [Fact]
    public async Task What_jose_and_the_browsers_own_module_seal_opens_here_and_what_we_seal_opens_in_jose()
    {
        var secrets = await TestSecrets.NewAsync(TimeProvider.System);
        var pair = await secrets.EncryptionKeys.CurrentAsync(default);
        var offer = new GetEncryptionKey(secrets.EncryptionKeys, secrets.Challenges);
        var tenant = new Tender.Server.Tenancy.Tenant(TestSecrets.Acme, "acme", "Acme", "pro", "usd", "main", "db", "ready");
        var seal = new JsonArray();
        foreach (var secret in Plain)
        {
            seal.Add(new JsonObject
            {
                ["key"] = Json(await offer.RunAsync(tenant, default)),
                ["forJose"] = Json(await offer.RunAsync(tenant, default)),
                ["purpose"] = "test.secret",
                ["secret"] = secret,
            });
        }

        var open = new JsonArray();
        foreach (var secret in Plain)
        {
            open.Add(new JsonObject
            {
                ["token"] = await secrets.SealAsync(secret),
                ["jwk"] = new JsonObject
                {
                    ["kty"] = "EC",
                    ["crv"] = "P-256",
                    ["x"] = CanonicalBase64Url.Encode(pair.X),
                    ["y"] = CanonicalBase64Url.Encode(pair.Y),
                    ["d"] = CanonicalBase64Url.Encode(pair.D),
                },
            });
        }

        var answer = JsonNode.Parse(await NodeProgram.AskAsync("src/tender.js", "jose", "tests/sealed.mjs", new JsonObject { ["seal"] = seal, ["open"] = open }.ToJsonString()))!;

        answer["opened"]!.AsArray().Select(text => text!.GetValue<string>()).ShouldBe(Plain);
        foreach (var (token, secret) in answer["sealed"]!.AsArray().Zip(Plain))
        {
            (await OpenAsync(secrets, token!["browser"]!)).ShouldBe(secret);
            (await OpenAsync(secrets, token["jose"]!)).ShouldBe(secret);
        }
    }

    private static async Task<string> OpenAsync(TestSecrets secrets, JsonNode token) =>
        (await secrets.DecryptFromClient.RunAsync(token.GetValue<string>(), TestSecrets.Acme, "test.secret", default))
            .ShouldBeOfType<DecryptFromClient.Outcome.Opened>().Secret.Reveal();

    private static JsonNode? Json(object value) => JsonSerializer.SerializeToNode(value, JsonSerializerOptions.Web);
}
