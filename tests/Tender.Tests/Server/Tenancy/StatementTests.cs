using NpgsqlTypes;
using Tender.Server.Tenancy;

namespace Tender.Tests.Server.Tenancy;

public sealed class StatementTests
{
    [Fact]
    public void A_name_becomes_one_position_however_often_it_stands()
    {
        var values = new { Id = "pay_1", Minor = 4900L, Unused = true };

        var command = Statement.Of("update payments set amount_minor = @Minor where id = @Id and @Minor > 0", values.GetType()).With(values);

        command.CommandText.ShouldBe("update payments set amount_minor = $1 where id = $2 and $1 > 0");
        command.Parameters.Select(p => (p.ParameterName, p.NpgsqlDbType, p.Value)).ShouldBe([("", NpgsqlDbType.Bigint, 4900L), ("", NpgsqlDbType.Text, "pay_1")]);
    }

    [Fact]
    public void What_is_no_parameter_stays_as_it_is()
    {
        const string sql = """
            select '@Id', "@Id", tags @> '{}', 'it''s @Id' -- @Id
            /* @Id */ from mails where address = 'bea@Id.example'
            """;
        var values = new { Id = "pay_1" };

        Statement.Of(sql, values.GetType()).With(values).CommandText.ShouldBe(sql);
    }

    [Fact]
    public void A_name_that_nothing_fills_is_a_bug_and_says_so() =>
        Should.Throw<ArgumentException>(() => Statement.Of("select @Missing", new { Id = "pay_1" }.GetType())).Message.ShouldContain("@Missing");

    [Fact]
    public void A_value_that_is_missing_is_null()
    {
        var values = new { At = (DateTimeOffset?)null };

        Statement.Of("select @At", values.GetType()).With(values).Parameters[0].Value.ShouldBe(DBNull.Value);
    }

    [Fact]
    public void A_row_and_many_rows_are_inserted_by_the_same_words()
    {
        var row = new { Id = "pay_1", Minor = 4900L, At = (DateTimeOffset?)null };

        var command = Statement.Of("insert into payments (id, status, sum, at, extra) values (@Id, 'made (now)', abs(@Minor), @At, @Id::jsonb) on conflict do nothing", row.GetType())
            .WithAll([row, row with { Id = "pay_2" }]).ShouldHaveSingleItem();

        command.CommandText.ShouldBe(
            "insert into payments (id, status, sum, at, extra) select p1, 'made (now)', abs(p2), p3, p1::jsonb from unnest($1, $2, $3) as rows (p1, p2, p3) on conflict do nothing");
        command.Parameters.Select(p => p.Value).ShouldBe([new[] { "pay_1", "pay_2" }, new[] { 4900L, 4900L }, new DateTimeOffset?[] { null, null }]);
    }

    [Theory]
    [InlineData("insert into t (id) values (@Id)", true)]
    [InlineData("update t set n = n + 1 where id = @Id", true)]
    [InlineData("insert into t (id) values (@Id) on conflict (id) do update set n = 1", false)]
    [InlineData("insert into t (id, n) values (@Id, (select max(n) from u))", false)]
    [InlineData("insert into t (id) select id from u where id = @Id", false)]
    [InlineData("update t set n = (select max(n) from u) where id = @Id", false)]
    [InlineData("update t set n = u.n from u where t.id = @Id", false)]
    [InlineData("with made as (insert into t (id) values (@Id) returning id) insert into u select id from made", false)]
    [InlineData("delete from t where id = @Id", false)]
    public void Only_what_reads_nothing_but_its_row_may_be_reordered(string sql, bool expected) =>
        Statement.Of(sql, new { Id = "1" }.GetType()).ReadsOnlyItsRow.ShouldBe(expected);
}
