using Tender.Server.Console;
using Tender.Server.Members;
using Tender.Server.Tenancy;

namespace Tender.Server.Payments;

/// <summary>What the console's buttons on a case post.</summary>
internal static class CaseForms
{
    public static void MapCaseForms(this IEndpointRouteBuilder app) => app.MapPost("/console/cases/{id}/close", CloseAsync).CallableBy(Callers.Operator);

    private static async Task<IResult> CloseAsync(
        string id, IFormCollection form, DecideCase decide, TenantDb db, HttpContext context, CancellationToken cancellation)
    {
        // Several cases stand on one page, so each note's name ends in its case's id.
        var note = form.FirstOrDefault(field => field.Key.StartsWith("note-", StringComparison.Ordinal)).Value.ToString().Trim();
        var refund = form["refund"] == "true";
        if (note.Length > DecideCase.NoteCharsMax) return Back(form, $"A note has at most {DecideCase.NoteCharsMax} characters; nothing was changed.", failing: true);
        if (note.Length is 0 && !refund) return Back(form, "Say in a note how it was settled; nothing was changed.", failing: true);

        var outcome = await decide.RunAsync(db, id, note, refund, context.Caller(), cancellation);
        return outcome switch
        {
            DecideCase.Outcome.Closed => Back(form, "Closed."),
            DecideCase.Outcome.Refunded { Sum: var sum } => Back(form, $"Refund of {sum} is on its way. The case is closed."),
            DecideCase.Outcome.ClosedBefore => Back(form, "Somebody else has decided it already.", failing: true),
            DecideCase.Outcome.NotRefunded { Why: var why } => Back(form, $"Nothing was refunded: {why}. The case stays open.", failing: true),
            DecideCase.Outcome.NothingOffered => Back(form, "There is nothing to refund any more; the case stays open.", failing: true),
            _ => Back(form, "There is no such case.", failing: true),
        };
    }

    private static IResult Back(IFormCollection form, string says, bool failing = false) =>
        new GoBack(ConsolePaths.OnThisSite(form["returnTo"]).Split('?')[0], says, failing);
}
