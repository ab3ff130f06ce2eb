using Tender.Server.Connections;

namespace Tender.Tests.Server.Connections;

public sealed class ConnectionEndpointsTests : IAsyncLifetime
{
    private ConnectionsApp app = null!;

    public async Task InitializeAsync() => app = await ConnectionsApp.StartAsync();

    public async Task DisposeAsync() => await app.DisposeAsync();

    [Fact]
    public async Task A_connection_lives_from_creation_to_deletion()
    {
        var (created, made) = await app.SendAsync(HttpMethod.Post, "/api/connections/create", await NewAsync("sk_test_main", "Main"));
        created.ShouldBe(201);
        var id = made.GetProperty("id").GetString();
        made.GetProperty("webhookUrl").GetString().ShouldBe($"https://pay.example/api/webhooks/fake/{id}");

        var (_, list) = await app.SendAsync(HttpMethod.Get, "/api/connections");
        list.GetProperty("data")[0].GetProperty("id").GetString().ShouldBe(id);
        list.GetProperty("hasMore").GetBoolean().ShouldBeFalse();
        (await app.SendAsync(HttpMethod.Get, "/api/connections/fake/me")).Body.GetProperty("name").GetString().ShouldBe("Main");
        (await app.SendAsync(HttpMethod.Get, "/api/connections/second/me")).Status.ShouldBe(404);

        var (changed, renamed) = await app.SendAsync(HttpMethod.Patch, $"/api/connections/{id}", new { name = "Renamed", isEnabled = false });
        changed.ShouldBe(200);
        renamed.GetProperty("name").GetString().ShouldBe("Renamed");

        var (_, check) = await app.SendAsync(HttpMethod.Post, $"/api/connections/{id}/check");
        check.GetProperty("outcome").GetString().ShouldBe("works");
        var (_, many) = await app.SendAsync(HttpMethod.Post, "/api/connections/batch", new { action = "enable", ids = new[] { id } });
        many.GetProperty("results")[0].GetProperty("ok").GetBoolean().ShouldBeTrue();

        (await app.SendAsync(HttpMethod.Delete, $"/api/connections/second/{id}")).Status.ShouldBe(404);
        (await app.SendAsync(HttpMethod.Delete, $"/api/connections/{id}?drain=true")).Status.ShouldBe(202);
        (await app.SendAsync(HttpMethod.Delete, $"/api/connections/fake/{id}")).Status.ShouldBe(204);
        (await app.SendAsync(HttpMethod.Patch, $"/api/connections/{id}", new { name = "Gone" })).Status.ShouldBe(404);

        var (_, audit) = await app.SendAsync(HttpMethod.Get, $"/api/audit?subject={id}");
        audit.GetProperty("data").EnumerateArray().Select(line => line.GetProperty("action").GetString()).ShouldBe(
            ["connection.deleted", "connection.drained", "connection.changed", "connection.checked", "connection.changed", "connection.created"]);
    }

    [Fact]
    public async Task The_call_for_one_provider_takes_its_fields_flat()
    {
        var (status, made) = await app.SendAsync(HttpMethod.Post, "/api/connections/fake", new
        {
            name = "Main",
            publishableKey = "pk_test_1",
            secretKey = await app.SealAsync("sk_test_main", "connections.fake.secretKey"),
        });
        status.ShouldBe(201);

        (status, var again) = await app.SendAsync(HttpMethod.Post, "/api/connections/fake", new { publishableKey = "pk_test_2" });
        status.ShouldBe(200);
        again.GetProperty("id").GetString().ShouldBe(made.GetProperty("id").GetString());
        again.GetProperty("fields").GetProperty("publishableKey").GetString().ShouldBe("pk_test_2");
    }

    [Fact]
    public async Task Problems_name_the_field_and_the_provider_is_quoted()
    {
        var refused = await app.SendAsync(HttpMethod.Post, "/api/connections/create", await NewAsync("sk_test_refused"));
        refused.Status.ShouldBe(422);
        refused.Body.GetProperty("code").GetString().ShouldBe("credentials_refused");
        refused.Body.GetProperty("detail").GetString().ShouldBe("The provider refuses the credentials: No such API key.");

        (await app.SendAsync(HttpMethod.Post, "/api/connections/create", await NewAsync("sk_test_away"))).Status.ShouldBe(502);
        var unsealed = await app.SendAsync(HttpMethod.Post, "/api/connections/create", new
        {
            provider = "fake",
            credentials = new { publishableKey = "pk_test_1", secretKey = "sk_test_plain" },
        });
        unsealed.Status.ShouldBe(400);
        unsealed.Body.GetProperty("errors").TryGetProperty("credentials.secretKey", out _).ShouldBeTrue();
        (await app.SendAsync(HttpMethod.Post, "/api/connections/create", new { provider = "nobody", credentials = new { } })).Status.ShouldBe(400);
        (await app.SendAsync(HttpMethod.Post, "/api/connections/con_acme00_none/check")).Status.ShouldBe(404);
        (await app.SendAsync(HttpMethod.Post, "/api/connections/batch", new { action = "explode", ids = new[] { "x" } })).Status.ShouldBe(400);
    }

    [Fact]
    public async Task The_same_request_with_the_same_key_connects_once_and_is_answered_alike()
    {
        var body = await NewAsync("sk_test_main", "Main");

        var first = await app.SendAsync(HttpMethod.Post, "/api/connections/create", body, "key-1");
        var second = await app.SendAsync(HttpMethod.Post, "/api/connections/create", body, "key-1");

        (first.Status, second.Status).ShouldBe((201, 201));
        second.Body.GetProperty("id").GetString().ShouldBe(first.Body.GetProperty("id").GetString());
        (await app.SendAsync(HttpMethod.Post, "/api/connections/create", await NewAsync("sk_test_other", "Other"), "key-1")).Status.ShouldBe(422);
    }

    [Fact]
    public async Task The_encryption_key_is_fresh_each_time_and_never_private()
    {
        var (_, first) = await app.SendAsync(HttpMethod.Get, "/api/encryption-key");
        var (_, second) = await app.SendAsync(HttpMethod.Get, "/api/encryption-key");

        first.EnumerateObject().Select(member => member.Name).ShouldBe(["kid", "jwk", "challenge", "tenant", "expiresAt"]);
        first.GetProperty("jwk").EnumerateObject().Select(member => member.Name).ShouldBe(["kty", "crv", "x", "y"]);
        first.GetProperty("challenge").GetString().ShouldNotBe(second.GetProperty("challenge").GetString());
        (await app.Http.GetAsync(new Uri("/api/encryption-key", UriKind.Relative))).Headers.CacheControl!.NoStore.ShouldBeTrue();
    }

    private async Task<object> NewAsync(string secretKey, string? name = null) => new
    {
        provider = "fake",
        name,
        credentials = new { publishableKey = "pk_test_1", secretKey = await app.SealAsync(secretKey, ReadCredentials.Purpose("fake", "secretKey")) },
    };
}
