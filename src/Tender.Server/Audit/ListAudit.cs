using System.Text.Json;
using Tender.Server.Tenancy;

namespace Tender.Server.Audit;

/// <summary>GET /api/audit: who did what, the latest first, by cursor.</summary>
internal static class ListAudit
{
    public const int LimitMax = 100;

    public static async Task<Answer> RunAsync(Database db, Request request, CancellationToken cancellation)
    {
        var limit = request.Limit ?? 25;
        var rows = await db.QueryAsync<Row>("""
            select seq, at, actor, action, subject, details::text as details
            from audit
            where (@StartingAfter::bigint is null or seq < @StartingAfter)
              and (@Subject::text is null or subject = @Subject)
              and (@Action::text is null or action = @Action)
              and (@Actor::text is null or actor = @Actor)
            order by seq desc limit @Take
            """, new { request.StartingAfter, request.Subject, request.Action, request.Actor, Take = limit + 1 }, cancellation);
        return new([.. rows.Take(limit).Select(row => new Line($"{row.Seq}", row.At, row.Actor, row.Action, row.Subject, JsonDocument.Parse(row.Details).RootElement))],
            rows.Count > limit);
    }

    private sealed record Row(long Seq, DateTimeOffset At, string Actor, string Action, string Subject, string Details);

    /// <summary>Which lines of the record.</summary>
    public sealed record Request
    {
        /// <summary>How many; 25 when missing.</summary>
        public int? Limit { get; init; }

        /// <summary>The last id of the page before.</summary>
        public long? StartingAfter { get; init; }

        /// <summary>The id of what was acted on.</summary>
        public string? Subject { get; init; }

        /// <summary>What was done, such as connection.created.</summary>
        public string? Action { get; init; }

        /// <summary>Who did it.</summary>
        public string? Actor { get; init; }
    }

    public sealed record Answer(IReadOnlyList<Line> Data, bool HasMore);

    /// <param name="Actor">usr_…, key_…, customer:… or a part of Tender.</param>
    /// <param name="Subject">The id of what was acted on.</param>
    public sealed record Line(string Id, DateTimeOffset At, string Actor, string Action, string Subject, JsonElement Details);
}
