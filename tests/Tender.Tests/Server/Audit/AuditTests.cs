using Npgsql;
using Tender.Server.Audit;
using Tender.Server.Tenancy;

namespace Tender.Tests.Server.Audit;

public sealed class AuditTests : IAsyncLifetime
{
    private TenantDb db = null!;

    public async Task InitializeAsync() => db = await TestDatabases.NewTenantAsync(await TestDatabases.NewOwnerAsync(), "acme00");

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task Forty_at_once_make_one_whole_chain()
    {
        await Task.WhenAll(Enumerable.Range(0, 40).Select(i => WriteAsync($"usr_{i}")));

        (await VerifyAudit.RunAsync(db, default)).ShouldBe(new VerifyAudit.Outcome.Whole(40));
        var page = await ListAudit.RunAsync(db, new() { Limit = 25 }, default);
        page.Data.Count.ShouldBe(25);
        page.HasMore.ShouldBeTrue();
        page.Data[0].Details.GetProperty("name").GetString().ShouldBe("Main");
        var rest = await ListAudit.RunAsync(db, new() { Limit = 25, StartingAfter = long.Parse(page.Data[^1].Id) }, default);
        rest.Data.Count.ShouldBe(15);
        rest.HasMore.ShouldBeFalse();
    }

    [Fact]
    public async Task What_is_undone_leaves_no_line_and_no_gap_in_the_chain()
    {
        await WriteAsync("usr_1");
        var failing = new Batch().AddAudit("usr_2", "connection.created", "con_1").Add("select 1 / 0");
        await Should.ThrowAsync<PostgresException>(() => db.WriteAsync(failing, default));
        await WriteAsync("usr_3");

        (await VerifyAudit.RunAsync(db, default)).ShouldBe(new VerifyAudit.Outcome.Whole(2));
    }

    [Theory]
    [InlineData("update audit set actor = 'usr_9' where seq = 2")]
    [InlineData("update audit set details = '{}' where seq = 2")]
    [InlineData("update audit set at = at + interval '1 microsecond' where seq = 2")]
    [InlineData("update audit set hash = audit_hash(previous_hash, seq, at, 'usr_9', action, subject, details), actor = 'usr_9' where seq = 2")]
    [InlineData("delete from audit where seq = 2")]
    [InlineData("delete from audit where seq = 1")]
    public async Task A_line_that_is_changed_or_taken_out_breaks_the_chain(string tampering)
    {
        for (var i = 1; i <= 3; i++) await WriteAsync($"usr_{i}");
        var refused = await Should.ThrowAsync<PostgresException>(() => db.ExecuteAsync(tampering, null, default));
        refused.MessageText.ShouldBe("audit lines are never changed");

        await db.ExecuteAsync($"alter table audit disable trigger audit_append_only; {tampering}", null, default);

        (await VerifyAudit.RunAsync(db, default)).ShouldBeOfType<VerifyAudit.Outcome.Broken>();
    }

    private async Task WriteAsync(string actor) =>
        await db.WriteAsync(new Batch().AddAudit(actor, "connection.created", "con_1", new { Name = "Main" }), default);
}
