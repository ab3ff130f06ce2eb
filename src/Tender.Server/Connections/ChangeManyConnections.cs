using System.ComponentModel.DataAnnotations;
using Tender.Server.Hosting;
using Tender.Server.Members;
using Tender.Server.Tenancy;

namespace Tender.Server.Connections;

/// <summary>POST /api/connections/batch: enable, disable, delete or check many at once; each has an outcome of its own.</summary>
internal sealed class ChangeManyConnections(ChangeConnection change, DeleteConnection delete, CheckConnection check)
{
    private const int AtOnceMax = 8;

    public async Task<IReadOnlyList<Result>> RunAsync(TenantDb db, Request request, Caller caller, CancellationToken cancellation)
    {
        string[] ids = [.. request.Ids.Distinct(StringComparer.Ordinal)];
        var results = new Result[ids.Length];
        await Parallel.ForAsync(0, ids.Length, new ParallelOptions { MaxDegreeOfParallelism = AtOnceMax, CancellationToken = cancellation }, async (i, limit) =>
            results[i] = Of(ids[i], await OneAsync(db, request.Action, ids[i], caller, limit)));
        return results;
    }

    private async Task<(int Status, Problem? Problem, string? Detail)> OneAsync(TenantDb db, string action, string id, Caller caller, CancellationToken cancellation) => action switch
    {
        "enable" => Of(await change.RunAsync(db, id, new(IsEnabled: true), caller, cancellation)),
        "disable" => Of(await change.RunAsync(db, id, new(IsEnabled: false), caller, cancellation)),
        "delete" => Of(await delete.RunAsync(db, id, drain: false, caller, cancellation)),
        _ => await check.RunAsync(db, id, caller, cancellation) is { } answer ? (StatusCodes.Status200OK, null, answer.Detail) : (404, ConnectionAnswers.UnknownConnection(), null),
    };

    private static (int, Problem?, string?) Of(Saved saved) =>
        ConnectionAnswers.ProblemOf(saved) is { } problem ? (problem.Status, problem, null) : (StatusCodes.Status200OK, null, null);

    private static (int, Problem?, string?) Of(DeleteConnection.Outcome outcome) =>
        ConnectionAnswers.ProblemOf(outcome) is { } problem ? (problem.Status, problem, null) : (StatusCodes.Status200OK, null, null);

    private static Result Of(string id, (int Status, Problem? Problem, string? Detail) one) =>
        new(id, one.Problem is null, one.Status, one.Problem?.Code, one.Problem?.Detail ?? one.Detail);

    /// <param name="Action">enable, disable, delete or check.</param>
    public sealed record Request([Required, OneOf("enable", "disable", "delete", "check")] string Action, [Required, MinLength(1), MaxLength(100)] string[] Ids);

    public sealed record Answer(IReadOnlyList<Result> Results);

    /// <param name="Status">What the single call would have answered.</param>
    /// <param name="Code">The problem's code where it did not succeed.</param>
    public sealed record Result(string Id, bool Ok, int Status, string? Code, string? Detail);
}
