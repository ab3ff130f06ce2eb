using Tender.Domain;
using Tender.Domain.Providers;
using Tender.Server.Tenancy;

namespace Tender.Server.Connections;

/// <summary>What a check of a connection writes down.</summary>
internal static class CheckStatements
{
    /// <summary>Health is for now; whoever asks about last month looks at the payments. Found by their connection: there is no index by time alone.</summary>
    public static readonly KeptFor Forgotten = new("connection_checks", TimeSpan.FromDays(30), """
        delete from connection_checks where id in (
          select old.id from connections c cross join lateral (
            select id from connection_checks where connection_id = c.id and at < @before order by at limit @AtOnce for update skip locked) old
          limit @AtOnce)
        """);

    public static Batch AddCheck(this Batch batch, string connectionId, AskForAccount.Answer answer, DateTimeOffset now, DateTimeOffset nextAt)
    {
        var found = Finding.Of(answer.Check);
        return batch
            .Add("insert into connection_checks (connection_id, at, outcome, detail, milliseconds) values (@connectionId, @now, @Outcome, @Detail, @Milliseconds)",
                new { connectionId, now, found.Outcome, found.Detail, answer.Milliseconds })
            // A draining connection stays one, however well it is.
            .Add("""
                update connections set status = case when status = 'draining' then status else @Status end,
                       last_checked_at = @now, last_check = @Detail, next_check_at = @nextAt
                where id = @connectionId
                """, new { connectionId, found.Status, found.Detail, now, nextAt });
    }
}

/// <summary>A provider's answer about an account, in our words.</summary>
/// <param name="Outcome">works, refused or not_reached.</param>
/// <param name="Status">What the connection then is: healthy or unhealthy.</param>
/// <param name="Detail">A sentence for people.</param>
internal sealed record Finding(string Outcome, string Status, string Detail)
{
    private const int CharactersMax = 500;

    public static Finding Of(AccountCheck check) => check switch
    {
        AccountCheck.Works { CanCharge: true } => new("works", "healthy", "Works."),
        AccountCheck.Works => new("works", "unhealthy", "The account is valid, but the provider does not let it take payments yet."),
        AccountCheck.Refused refused => new("refused", "unhealthy", $"The provider refuses the credentials: {refused.Reason}".AtMost(CharactersMax)),
        AccountCheck.NotReached away => new("not_reached", "unhealthy", $"The provider could not be asked: {away.Why}".AtMost(CharactersMax)),
        _ => throw new BrokenRuleException($"no finding for {check.GetType().Name}"),
    };
}
