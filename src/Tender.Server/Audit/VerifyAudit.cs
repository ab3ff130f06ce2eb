using Tender.Server.Tenancy;

namespace Tender.Server.Audit;

/// <summary>Walks the chain of an audit and says where it is broken.</summary>
internal static class VerifyAudit
{
    public static async Task<Outcome> RunAsync(Database db, CancellationToken cancellation)
    {
        var row = await db.QuerySingleOrDefaultAsync<Row>("""
            with chained as (
              select *, lag(hash) over (order by seq) as before from audit)
            select count(*) as lines,
                   min(seq) filter (where previous_hash is distinct from before
                     or hash is distinct from audit_hash(before, seq, at, actor, action, subject, details)) as broken_at
            from chained
            """, null, cancellation);
        return row!.BrokenAt is { } seq ? new Outcome.Broken(seq) : new Outcome.Whole(row.Lines);
    }

    private sealed record Row(long Lines, long? BrokenAt);

    public abstract record Outcome
    {
        private Outcome() { }

        public sealed record Whole(long Lines) : Outcome;

        /// <summary>This line, or the one before it, is not as it was written.</summary>
        public sealed record Broken(long Seq) : Outcome;
    }
}
