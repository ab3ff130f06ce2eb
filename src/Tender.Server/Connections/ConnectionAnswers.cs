using Tender.Server.Hosting;

namespace Tender.Server.Connections;

/// <summary>The outcomes of the use cases as HTTP.</summary>
internal static class ConnectionAnswers
{
    public static IResult Of(Saved saved) => saved switch
    {
        Saved.Created { Connection: var made } => Results.Created($"/api/connections/{made.Id}", made),
        Saved.Changed changed => Results.Ok(changed.Connection),
        _ => ProblemOf(saved)!,
    };

    public static IResult Of(DeleteConnection.Outcome outcome) => outcome switch
    {
        DeleteConnection.Outcome.Deleted => Results.NoContent(),
        DeleteConnection.Outcome.Draining => Results.Accepted(value: new Draining("draining")),
        _ => ProblemOf(outcome)!,
    };

    /// <summary>Why it was not done; null when it was.</summary>
    public static Problem? ProblemOf(Saved saved) => saved switch
    {
        Saved.Created or Saved.Changed => null,
        Saved.NotFound => UnknownConnection(),
        Saved.Wrong { Errors: var errors } => Problem.Invalid(errors),
        Saved.PlanNeeded { Plan: var plan } => Problem.PlanNeeded(plan, plan is "pro"
            ? "Connecting a payment provider needs the Pro plan."
            : "Connecting a second payment provider needs the Business plan."),
        Saved.NameTaken => Problem.Conflict("name_taken", "Another connection to this provider has that name; choose another one."),
        Saved.TooMany { Max: var max } => Problem.Conflict("too_many_connections", $"A tenant has at most {max} connections; delete one that is not used any more."),
        Saved.Refused { Reason: var reason } => Problem.Impossible("credentials_refused", $"The provider refuses the credentials: {reason}", "credentials"),
        Saved.NotReached { Why: var why } => Problem.BadGateway("provider_unavailable", $"The provider could not be asked ({why}). Nothing was stored; try again.").RetryAfter(5),
        Saved.OtherMode { KeyMode: var mode } => Problem.Impossible("mode_differs", $"The key is a {mode.ToWord()} key; test and live never mix.", "mode"),
        Saved.OtherAccount { AccountId: var account } => Problem.Impossible("account_differs",
            $"These credentials open another account ({account}). Connect it as a connection of its own, so that open payments stay with theirs.", "credentials"),
        _ => throw new Domain.BrokenRuleException($"no answer to {saved.GetType().Name}"),
    };

    public static Problem? ProblemOf(DeleteConnection.Outcome outcome) => outcome switch
    {
        DeleteConnection.Outcome.Deleted or DeleteConnection.Outcome.Draining => null,
        DeleteConnection.Outcome.StillOpen => Problem.Conflict(
            "payments_open", "Payments through this connection are open. Drain it (?drain=true) to stop new ones, and delete it when they are through."),
        DeleteConnection.Outcome.NotFound => UnknownConnection(),
        _ => throw new Domain.BrokenRuleException($"no answer to {outcome.GetType().Name}"),
    };

    /// <summary>It takes no new payments; delete it again when the open ones are through.</summary>
    internal sealed record Draining(string Status);

    public static Problem UnknownConnection() => Problem.NotFound("unknown_connection", "There is no such connection.");
}
