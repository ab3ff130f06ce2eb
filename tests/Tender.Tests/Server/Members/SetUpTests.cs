using System.Net;
using Tender.Server.Members;
using Tender.Server.Tenancy;

namespace Tender.Tests.Server.Members;

public sealed class SetUpTests : IAsyncLifetime
{
    private static readonly (string, string)[] Ada =
        [("name", "Ada"), ("email", "ada@acme.example"), ("password", "correct horse battery"), ("tenantName", "Acme Shows"), ("currency", "usd")];

    private readonly MembersApp app = new();

    public Task InitializeAsync() => app.InitializeAsync();

    public Task DisposeAsync() => app.DisposeAsync();

    [Fact]
    public async Task Whoever_holds_the_token_becomes_the_owner_once()
    {
        var browser = new FormBrowser(app.Http);
        var address = (await app.Get<OfferSetUp>().NewAddressAsync(default)).PathAndQuery;
        await browser.OpenAsync(address);
        await browser.SubmitAsync("setup", [.. Ada, ("password", "short")]);
        browser.Page.ShouldContain("12 characters");
        (await TenantsNamedAcmeAsync()).ShouldBe(0);

        await browser.SubmitAsync("setup", Ada);

        browser.At.ShouldStartWith("/console");
        browser.Cookies.ShouldContainKey("__Host-tender");
        await browser.OpenAsync("/console/tenants");
        browser.Page.ShouldContain("Acme Shows");
        (await OfferSetUp.HasOwnerAsync(app.Get<OwnerDb>(), default)).ShouldBeTrue();

        await new FormBrowser(app.Http).OpenAsync(address);
        var late = new FormBrowser(app.Http);
        await late.OpenAsync(address);
        late.Page.ShouldNotContain("Your business");
    }

    [Theory]
    [InlineData("/setup")]
    [InlineData("/setup?token=")]
    [InlineData("/setup?token=0000")]
    public async Task Without_the_token_there_is_nothing_to_set_up(string address)
    {
        var browser = new FormBrowser(app.Http);
        await browser.OpenAsync(address);

        browser.Status.ShouldBe(HttpStatusCode.OK);
        browser.Page.ShouldContain("This address opens nothing");
    }

    [Fact]
    public async Task Of_two_at_once_one_becomes_the_owner()
    {
        var setUp = app.Get<SetUpInstallation>();
        var token = (await app.Get<OfferSetUp>().NewAddressAsync(default)).Query["?token=".Length..];
        var forms = Enumerable.Range(0, 5).Select(i => new SetUpInstallation.Form($"Name {i}", $"n{i}@acme.example", "correct horse battery", "Acme Shows", "usd"));

        var outcomes = await Task.WhenAll(forms.Select(form => setUp.RunAsync(token, form, default)));

        outcomes.OfType<SetUpInstallation.Outcome.Done>().Count().ShouldBe(1);
        outcomes.OfType<SetUpInstallation.Outcome.Closed>().Count().ShouldBe(4);
        (await app.Get<OwnerDb>().QuerySingleOrDefaultAsync<int>("select count(*)::int from users", null, default)).ShouldBe(1);
        (await TenantsNamedAcmeAsync()).ShouldBe(1);
    }

    private Task<int> TenantsNamedAcmeAsync() =>
        app.Get<OwnerDb>().QuerySingleOrDefaultAsync<int>("select count(*)::int from tenants where slug = 'acme-shows'", null, default);
}
