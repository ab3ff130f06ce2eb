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
}
