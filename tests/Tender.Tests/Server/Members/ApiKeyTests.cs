using System.Net;
using System.Text.Json;
using Npgsql;
using Tender.Server.Members;
using Tender.Server.Tenancy;

namespace Tender.Tests.Server.Members;

public sealed class ApiKeyTests(MembersApp app) : IClassFixture<MembersApp>
{
    [Fact]
    public async Task A_key_opens_its_own_tenant_and_its_kind_of_routes()
    {
        var key = await app.NewKeyAsync(app.Acme);

        key.Key.ShouldMatch("^sk_[0-9a-f]{64}$");
        (await TextAsync("/test/key", key.Key)).ShouldBe($"{key.Id} acme");
        (await TextAsync("/test/either", key.Key)).ShouldBe(key.Id);
        foreach (var path in new[] { "/test/User", "/test/Viewer", "/test/Operator", "/test/Admin", "/test/Owner" })
            (await app.SendAsync(path, key.Key)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task Only_its_hash_and_its_beginning_are_stored()
    {
        var key = await app.NewKeyAsync(app.Acme);

        var row = await app.Get<OwnerDb>().QuerySingleOrDefaultAsync<string>("select to_jsonb(k)::text from api_keys k where id = @Id", new { key.Id }, default);
        row!.ShouldContain(key.Key[..20]);
        row!.ShouldNotContain(key.Key[20..]);
        key.ToString().ShouldNotContain(key.Key);
    }

    [Theory]
    [InlineData(null, HttpStatusCode.Unauthorized, "unauthorized")]
    [InlineData("", HttpStatusCode.Unauthorized, "invalid_authorization")]
    [InlineData("sk_", HttpStatusCode.Unauthorized, "invalid_api_key")]
    [InlineData("sk_00000000000000000000000000000000000000000000000000000000000000zz", HttpStatusCode.Unauthorized, "invalid_api_key")]
    [InlineData("sk_0000000000000000000000000000000000000000000000000000000000000000", HttpStatusCode.Unauthorized, "invalid_api_key")]
    public async Task What_is_no_key_is_told_how_to_come_in(string? bearer, HttpStatusCode status, string code)
    {
        var answer = await app.SendAsync("/test/key", bearer);

        answer.StatusCode.ShouldBe(status);
        answer.Headers.WwwAuthenticate.ToString().ShouldStartWith("Bearer");
        (await CodeAsync(answer)).ShouldBe(code);
    }

    [Fact]
    public async Task A_revoked_key_is_refused_by_the_very_next_request()
    {
        var key = await app.NewKeyAsync(app.Acme);
        (await app.SendAsync("/test/key", key.Key)).StatusCode.ShouldBe(HttpStatusCode.OK);

        (await app.Get<RevokeApiKey>().RunAsync(app.Other.Code, key.Id, "usr_1", default)).ShouldBeOfType<RevokeApiKey.Outcome.NotFound>();
        (await app.SendAsync("/test/key", key.Key)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await app.Get<RevokeApiKey>().RunAsync(app.Acme.Code, key.Id, "usr_1", default)).ShouldBeOfType<RevokeApiKey.Outcome.Ended>();

        (await app.SendAsync("/test/key", key.Key)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await app.SendAsync("/test/either", key.Key)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task A_revoked_key_is_on_the_tenants_record_also_when_its_admin_hung_up()
    {
        var key = await app.NewKeyAsync(app.Acme);
        var db = (await app.Get<TenantDatabases>().FindAsync(app.Acme.Code, default)).ShouldNotBeNull();
        using var admin = new CancellationTokenSource();
        Task<RevokeApiKey.Outcome> revoking;
        using (var lease = await db.LeaseAsync(default))
        await using (var locking = await lease.Source.OpenConnectionAsync())
        await using (var transaction = await locking.BeginTransactionAsync())
        {
            await using (var command = new NpgsqlCommand("select record_audit('usr_1', 'tenant.looked_at', 'x', '{}')", locking)) await command.ExecuteNonQueryAsync();
            revoking = app.Get<RevokeApiKey>().RunAsync(app.Acme.Code, key.Id, "usr_1", admin.Token);
            await TestDatabases.SomebodyWaitsAsync(db);
            await admin.CancelAsync();
        }

        (await revoking).ShouldBeOfType<RevokeApiKey.Outcome.Ended>();
        (await db.QuerySingleOrDefaultAsync<long>("select count(*) from audit where action = 'api_key.revoked' and subject = @Id", new { key.Id }, default)).ShouldBe(1);
    }

    [Fact]
    public async Task What_cannot_go_on_record_is_not_done()
    {
        var key = await app.NewKeyAsync(app.Acme);
        var made = (CreateMember.Outcome.Made)await app.Get<CreateMember>().RunAsync("on.record@example.com", "correct horse battery", "Ada", app.Acme.Code, "viewer", isOwner: false, default);
        var by = new Caller("usr_1", app.Acme.Code, Tender.Domain.Providers.Mode.Test, Callers.Admin);
        var owner = app.Get<OwnerDb>();
        await owner.ExecuteAsync("alter function record_audit rename to record_audit_away", null, default);
        try
        {
            await Should.ThrowAsync<PostgresException>(() => app.Get<RevokeApiKey>().RunAsync(app.Acme.Code, key.Id, "usr_1", default));
            await Should.ThrowAsync<PostgresException>(() => app.Get<ChangeMembership>().RunAsync(app.Acme.Code, made.User.Id, null, by, default));
        }
        finally
        {
            await owner.ExecuteAsync("alter function record_audit_away rename to record_audit", null, default);
        }

        (await app.SendAsync("/test/key", key.Key)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await owner.QuerySingleOrDefaultAsync<long>("select count(*) from memberships where user_id = @Id", new { made.User.Id }, default)).ShouldBe(1);
    }

    [Fact]
    public async Task A_reading_key_changes_nothing()
    {
        var key = await app.NewKeyAsync(app.Acme, ApiKey.ReadScope);

        (await app.SendAsync("/test/key", key.Key)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await app.SendAsync("/test/key", key.Key, HttpMethod.Post)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task A_route_that_declares_nobody_serves_nobody()
    {
        var key = await app.NewKeyAsync(app.Acme);

        (await app.SendAsync("/test/undeclared", key.Key)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await app.SendAsync("/test/undeclared")).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await app.SendAsync("/nowhere", key.Key)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await app.SendAsync("/test/key", key.Key, HttpMethod.Delete)).StatusCode.ShouldBe(HttpStatusCode.MethodNotAllowed);
        (await TextAsync("/test/public", "sk_wrong")).ShouldBe("nobody");
    }

    [Fact]
    public async Task When_a_key_was_last_used_is_written_later()
    {
        var key = await app.NewKeyAsync(app.Acme);
        await app.SendAsync("/test/key", key.Key);

        (await ListedAsync(key.Id)).LastUsedAt.ShouldBeNull();
        await app.Get<KnownKeys>().WriteUseAsync(default);
        (await ListedAsync(key.Id)).LastUsedAt.ShouldNotBeNull();
    }

    [Fact]
    public async Task Every_use_is_counted_once_on_its_day()
    {
        var key = await app.NewKeyAsync(app.Acme);
        await Task.WhenAll(Enumerable.Range(0, 25).Select(_ => app.SendAsync("/test/key", key.Key)));

        // Who writes at the same time shares what there is; nobody writes it twice.
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => app.Get<KnownKeys>().WriteUseAsync(default)));
        (await ListedAsync(key.Id)).UsesToday.ShouldBe(25);

        await app.SendAsync("/test/key", key.Key);
        await app.Get<KnownKeys>().WriteUseAsync(default);
        await app.Get<OwnerDb>().ExecuteAsync("insert into key_usage values (@Id, (now() at time zone 'UTC')::date - 29, 100), (@Id, (now() at time zone 'UTC')::date - 30, 1000)", new { key.Id }, default);
        var listed = await ListedAsync(key.Id);
        (listed.UsesToday, listed.UsesOf30Days).ShouldBe((26, 126));
    }

    [Fact]
    public async Task An_owners_key_serves_the_owner_and_no_tenant()
    {
        var key = await app.Get<CreateApiKey>().RunAsync(null, Tender.Domain.Providers.Mode.Test, "owner", [], "usr_1", default);

        (await app.SendAsync("/test/Owner", key.Key)).StatusCode.ShouldBe(HttpStatusCode.OK);
        foreach (var path in new[] { "/test/key", "/test/User", "/test/Viewer", "/test/Admin" })
            (await app.SendAsync(path, key.Key)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    private async Task<ListApiKeys.Key> ListedAsync(string id) =>
        (await app.Get<ListApiKeys>().RunAsync(app.Acme.Code, Tender.Domain.Providers.Mode.Test, default)).Single(key => key.Id == id);

    private async Task<string> TextAsync(string path, string bearer)
    {
        var answer = await app.SendAsync(path, bearer);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        return await answer.Content.ReadAsStringAsync();
    }

    private static async Task<string?> CodeAsync(HttpResponseMessage answer)
    {
        using var document = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        return document.RootElement.GetProperty("code").GetString();
    }
}
