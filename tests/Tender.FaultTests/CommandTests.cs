using System.Net;

namespace Tender.FaultTests;

/// <summary>The command line on an installation that serves meanwhile.</summary>
public sealed class CommandTests(Shop shop) : IClassFixture<Shop>
{
    [Fact]
    public async Task Keys_are_turned_while_payments_go_on()
    {
        var (code, says) = await TenderProgram.RunAsync(shop, "keys", "rotate");

        (code, says).ShouldSatisfyAllConditions(() => code.ShouldBe(0, says), () => says.ShouldContain("harbour-festival\tversion 2"));
        (await shop.CreateSessionAsync()).Status.ShouldBe(HttpStatusCode.Created);
        await Shop.UntilAsync("what is stored is sealed anew", async () =>
            await shop.ReadAsync<long>("select count(*) from connections, jsonb_each_text(sealed_secrets) as s where not starts_with(s.value, 'v1.2.')") is 0);
        (await shop.CreateSessionAsync()).Status.ShouldBe(HttpStatusCode.Created);
        await shop.PaidAsync();
    }

    [Fact]
    public async Task A_tenant_is_made_once_and_listed()
    {
        var first = await TenderProgram.RunAsync(shop, "tenants", "create", "north-pier", "--name", "North Pier", "--currency", "gbp");
        var second = await TenderProgram.RunAsync(shop, "tenants", "create", "north-pier");
        var list = await TenderProgram.RunAsync(shop, "tenants", "list");

        (first.Code, second.Code, list.Code).ShouldBe((0, 0, 0));
        second.Says.ShouldBe(first.Says);
        list.Says.ShouldContain(first.Says);
        first.Says.ShouldContain("\tready\tpro\tgbp\t");
        (await TenderProgram.RunAsync(shop, "tenants", "migrate")).Code.ShouldBe(0);
    }

    [Fact]
    public async Task People_are_made_at_one_tenant_and_join_another()
    {
        await TenderProgram.RunAsync(shop, "tenants", "create", "south-pier");
        var made = await TenderProgram.RunAsync(shop, "people", "create", "ann@piers.example", "--tenant", "harbour-festival", "--role", "operator");
        var joined = await TenderProgram.RunAsync(shop, "people", "join", "Ann@piers.example", "south-pier", "--role", "viewer");
        var again = await TenderProgram.RunAsync(shop, "people", "join", "ann@piers.example", "south-pier", "--role", "admin");
        var unknown = await TenderProgram.RunAsync(shop, "people", "join", "nobody@piers.example", "south-pier", "--role", "viewer");

        (made.Code, joined.Code, again.Code, unknown.Code).ShouldBe((0, 0, 1, 1), $"{made.Says} {joined.Says} {again.Says} {unknown.Says}");
        again.Says.ShouldContain("member already, as viewer");
        unknown.Says.ShouldContain("Nobody has this mail address.");
        var roles = await shop.Owner.QueryAsync<string>("""
            select t.slug || ' ' || m.role from memberships m join tenants t on t.code = m.tenant join users u on u.id = m.user_id where u.email = 'ann@piers.example' order by 1
            """, null, CancellationToken.None);
        roles.ShouldBe(["harbour-festival operator", "south-pier viewer"]);
    }

    [Fact]
    public async Task An_audit_that_was_changed_behind_our_back_is_found()
    {
        var whole = await TenderProgram.RunAsync(shop, "audit", "verify");
        await (await shop.TenantAsync()).ExecuteAsync("""
            alter table audit disable trigger audit_append_only;
            update audit set actor = 'nobody' where seq = (select max(seq) from audit);
            """, null, CancellationToken.None);
        var broken = await TenderProgram.RunAsync(shop, "audit", "verify");

        whole.Code.ShouldBe(0, whole.Says);
        whole.Says.ShouldContain("owner\twhole");
        whole.Says.ShouldContain("harbour-festival\twhole");
        broken.Code.ShouldBe(1, broken.Says);
        broken.Says.ShouldContain("harbour-festival\tBROKEN at line");
    }

    [Fact]
    public async Task The_doctor_looks_at_a_data_folder_that_is_not_made_yet()
    {
        var folder = Path.Combine(shop.Settings.DataFolder, "not", "yet");

        var (_, says) = await DoctorAsync(folder);

        says.ShouldSatisfyAllConditions(
            () => says.ShouldContain($"GB free for {folder}"), () => says.ShouldContain($"well  data folder {folder} is not there yet; the first start makes it"), () => says.ShouldContain("database"));
        Directory.Exists(folder).ShouldBeFalse();
    }

    [Fact]
    public async Task The_doctor_says_in_a_sentence_that_a_file_stands_where_the_data_folder_should()
    {
        var file = Path.Combine(shop.Settings.DataFolder, "no-folder");
        await File.WriteAllTextAsync(file, "");

        var (code, says) = await DoctorAsync(Path.Combine(file, "data"));

        (code, says).ShouldSatisfyAllConditions(() => code.ShouldBe(1, says), () => says.ShouldContain("BAD   data folder"), () => says.ShouldNotContain("   at "));
    }

    [Theory]
    [InlineData("A slug has", "tenants", "create", "North Pier")]
    [InlineData("A currency is", "tenants", "create", "x", "--currency", "pounds")]
    [InlineData("There is no tenant nobody", "keys", "rotate", "--tenant", "nobody")]
    public async Task A_wrong_word_is_answered_with_what_is_right(string sentence, params string[] words)
    {
        var (code, says) = await TenderProgram.RunAsync(shop, words);

        code.ShouldNotBe(0);
        says.ShouldContain(sentence);
    }

    // With the secret given, nothing needs the folder before the server starts.
    private Task<(int Code, string Says)> DoctorAsync(string dataFolder)
    {
        var start = TenderProgram.For(shop, "doctor");
        (start.Environment["TENDER_DATA"], start.Environment["JWT_SECRET"]) = (dataFolder, new string('j', 32));
        return TenderProgram.RunAsync(start);
    }
}
