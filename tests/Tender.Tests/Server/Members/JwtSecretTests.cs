using System.Net;
using Tender.Domain.Providers;
using Tender.Server.Hosting;
using Tender.Server.Members;
using Tender.Server.Secrets;
using Tender.Server.Tenancy;
using Tender.Tests.Server.Secrets;

namespace Tender.Tests.Server.Members;

/// <summary>A tenant signs its users' tokens with a secret of its own: it opens this tenant alone, and the installation's opens it no more.</summary>
public sealed class JwtSecretTests(MembersApp app) : IClassFixture<MembersApp>, IAsyncLifetime
{
    private const string Own = "a secret of Acme's own, 32 bytes and more";
    private const string Later = "the one after it, and 32 bytes and more too";
    private TenantDb acme = null!;

    public async Task InitializeAsync()
    {
        acme = (await app.Get<TenantDatabases>().FindAsync(app.Acme.Code, default))!;
        await app.Get<ChangeJwtSecret>().RemoveAsync(acme, Admin, default);
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task A_tenants_own_secret_opens_that_tenant_and_no_other()
    {
        await SetAsync(Own, previousForHours: 0);

        await OpensAsync(app.Acme, Own, HttpStatusCode.OK);
        await OpensAsync(app.Acme, Installations, HttpStatusCode.Unauthorized);
        await OpensAsync(app.Other, Own, HttpStatusCode.Unauthorized);
        await OpensAsync(app.Other, Installations, HttpStatusCode.OK);
    }

    [Fact]
    public async Task What_counted_before_counts_for_a_while_unless_it_is_ended()
    {
        await SetAsync(Own);
        await OpensAsync(app.Acme, Installations, HttpStatusCode.OK);

        await SetAsync(Later);
        foreach (var key in new[] { Installations, Own, Later }) await OpensAsync(app.Acme, key, HttpStatusCode.OK);

        await app.Get<OwnerDb>().ExecuteAsync("update jwt_secrets set ends_at = now() where tenant = @Code and ends_at is not null", new { app.Acme.Code }, default);
        app.Get<JwtSecrets>().ForgetAll();
        foreach (var key in new[] { Installations, Own }) await OpensAsync(app.Acme, key, HttpStatusCode.Unauthorized);
        await OpensAsync(app.Acme, Later, HttpStatusCode.OK);
    }

    [Fact]
    public async Task Removed_it_opens_nothing_and_the_installations_counts_again()
    {
        await SetAsync(Own);

        await app.Get<ChangeJwtSecret>().RemoveAsync(acme, Admin, default);

        await OpensAsync(app.Acme, Own, HttpStatusCode.Unauthorized);
        await OpensAsync(app.Acme, Installations, HttpStatusCode.OK);
    }

    [Fact]
    public async Task Another_node_hears_of_it_at_once()
    {
        await using var elsewhere = await app.StartNodeAsync();
        await Microsoft.Extensions.DependencyInjection.ServiceProviderServiceExtensions.GetRequiredService<OwnerNotices>(elsewhere.App.Services).Listening;
        await OpensAsync(app.Acme, Installations, HttpStatusCode.OK, elsewhere.Http);

        await SetAsync(Own, previousForHours: 0);

        for (var i = 0; i < 200 && await StatusAsync(app.Acme, Own, elsewhere.Http) is not HttpStatusCode.OK; i++) await Task.Delay(10);
        await OpensAsync(app.Acme, Own, HttpStatusCode.OK, elsewhere.Http);
        await OpensAsync(app.Acme, Installations, HttpStatusCode.Unauthorized, elsewhere.Http);
    }

    [Fact]
    public async Task It_is_stored_sealed_for_its_tenant_alone()
    {
        await SetAsync(Own, previousForHours: 0);
        var owner = app.Get<OwnerDb>();
        (await owner.QuerySingleOrDefaultAsync<string>("select sealed from jwt_secrets where tenant = @Code", new { app.Acme.Code }, default)).ShouldNotBeNull().ShouldStartWith("v1.");
        (await owner.QuerySingleOrDefaultAsync<string>("select string_agg(audit::text, '') from audit", null, default)).ShouldNotBeNull().ShouldNotContain(Own);

        await owner.ExecuteAsync("update jwt_secrets set tenant = @To where tenant = @From", new { To = app.Other.Code, From = app.Acme.Code }, default);
        app.Get<JwtSecrets>().ForgetAll();

        (await StatusAsync(app.Other, Own)).ShouldBe(HttpStatusCode.InternalServerError);
        (await StatusAsync(app.Other, Installations)).ShouldBe(HttpStatusCode.InternalServerError);
        await owner.ExecuteAsync("delete from jwt_secrets", null, default);
        app.Get<JwtSecrets>().ForgetAll();
    }

    [Fact]
    public async Task It_stays_in_use_when_the_tenants_key_is_turned()
    {
        await SetAsync(Own, previousForHours: 0);
        var keys = app.Get<TenantKeys>();
        var version = await keys.RotateAsync(app.Acme.Code, default);

        await new ResealJwtSecrets(keys, app.Get<OwnerDb>(), app.Get<DecryptFromStorage>(), app.Get<EncryptForStorage>()).RunAsync(acme, default);

        (await app.Get<OwnerDb>().QuerySingleOrDefaultAsync<string>("select sealed from jwt_secrets where tenant = @Code", new { app.Acme.Code }, default)).ShouldNotBeNull().ShouldStartWith($"v1.{version}.");
        app.Get<JwtSecrets>().ForgetAll();
        await OpensAsync(app.Acme, Own, HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("short")]
    [InlineData("31 bytes are one byte too few..")]
    public async Task A_secret_that_is_too_short_changes_nothing(string secret)
    {
        (await ChangeAsync(secret)).ShouldBeOfType<ChangeJwtSecret.Outcome.Refused>().Why.ShouldBe("must have 32 to 1000 bytes");

        await OpensAsync(app.Acme, Installations, HttpStatusCode.OK);
    }

    private string Installations => app.Get<Settings>().JwtSecret.Reveal();

    private Caller Admin => new("usr_1", app.Acme.Code, Mode.Test, Callers.Admin);

    private async Task SetAsync(string secret, int? previousForHours = null) =>
        (await ChangeAsync(secret, previousForHours)).ShouldBeOfType<ChangeJwtSecret.Outcome.Changed>().Now.IsOwn.ShouldBeTrue();

    private async Task<ChangeJwtSecret.Outcome> ChangeAsync(string secret, int? previousForHours = null)
    {
        var key = await app.Get<EncryptionKeys>().CurrentAsync(default);
        var token = TestBrowser.Seal(secret, key, app.Get<Challenges>().Issue(app.Acme.Code), app.Acme.Code, ChangeJwtSecret.Purpose);
        return await app.Get<ChangeJwtSecret>().SetAsync(acme, new(token, previousForHours), Admin, default);
    }

    private async Task OpensAsync(Tenant tenant, string key, HttpStatusCode status, HttpClient? node = null) => (await StatusAsync(tenant, key, node)).ShouldBe(status);

    private async Task<HttpStatusCode> StatusAsync(Tenant tenant, string key, HttpClient? node = null) =>
        (await MembersApp.SendAsync(node ?? app.Http, "/test/User", UserTokenTests.RealToken(tenant.Code, key))).StatusCode;
}
