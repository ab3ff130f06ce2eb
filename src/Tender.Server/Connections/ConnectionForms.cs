using Tender.Server.Members;
using Tender.Server.Tenancy;

namespace Tender.Server.Connections;

/// <summary>What the console's buttons on connections post. Secret fields arrive sealed by the page's script.</summary>
internal static class ConnectionForms
{
    private const string Prefix = "credentials.";

    public static void MapConnectionForms(this IEndpointRouteBuilder app)
    {
        // Not the page's own address: Razor takes posts to that one.
        app.MapPost("/console/connections/new/{provider}/connect", CreateAsync).CallableBy(Callers.Admin);
        app.MapPost("/console/connections/{id}/change", ChangeAsync).CallableBy(Callers.Admin);
        app.MapPost("/console/connections/{id}/check", CheckAsync).CallableBy(Callers.Operator);
        app.MapPost("/console/connections/{id}/delete", DeleteAsync).CallableBy(Callers.Admin);
    }

    private static async Task<IResult> CreateAsync(
        string provider, IFormCollection form, CreateConnection create, TenantDb db, HttpContext context, CancellationToken cancellation)
    {
        var mode = form["mode"].ToString() is "live" ? "live" : "test";
        var saved = await create.RunAsync(db, new(provider, Text(form, "name"), mode, Entered(form)), context.Caller(), cancellation);
        return saved is Saved.Created { Connection: var made }
            ? Back($"/console/connections/{made.Id}", made.WebhookNote ?? "Connected. Payments can go through it from now on.")
            : Back($"/console/connections/new/{Uri.EscapeDataString(provider)}", Why(saved), failing: true);
    }

    private static async Task<IResult> ChangeAsync(
        string id, IFormCollection form, ChangeConnection change, TenantDb db, HttpContext context, CancellationToken cancellation)
    {
        var request = new ChangeConnection.Request(
            Text(form, "name"), Truth(form, "isEnabled"), Truth(form, "isDefault"), int.TryParse(form["priority"], out var priority) && priority >= 0 ? priority : null,
            Credentials: Entered(form) is { Count: > 0 } entered ? entered : null);
        var saved = await change.RunAsync(db, id, request, context.Caller(), cancellation);
        return saved is Saved.Changed ? Back($"/console/connections/{id}", "Changed.") : Back($"/console/connections/{id}", Why(saved), failing: true);
    }

    private static async Task<IResult> CheckAsync(string id, CheckConnection check, TenantDb db, HttpContext context, CancellationToken cancellation)
    {
        var answer = await check.RunAsync(db, id, context.Caller(), cancellation);
        return Back($"/console/connections/{id}", answer?.Detail ?? "There is no such connection.", failing: answer?.Outcome is not "works");
    }

    private static async Task<IResult> DeleteAsync(
        string id, IFormCollection form, DeleteConnection delete, TenantDb db, HttpContext context, CancellationToken cancellation)
    {
        var outcome = await delete.RunAsync(db, id, Truth(form, "drain") is true, context.Caller(), cancellation);
        return outcome switch
        {
            DeleteConnection.Outcome.Deleted => Back("/console/connections", "Deleted. Its credentials are gone."),
            DeleteConnection.Outcome.Draining => Back($"/console/connections/{id}", "No new payments go through it."),
            _ => Back($"/console/connections/{id}", ConnectionAnswers.ProblemOf(outcome)!.Detail, failing: true),
        };
    }

    private static Dictionary<string, string> Entered(IFormCollection form) => form
        .Where(field => field.Key.StartsWith(Prefix, StringComparison.Ordinal) && field.Value.ToString().Length > 0)
        .ToDictionary(field => field.Key[Prefix.Length..], field => field.Value.ToString(), StringComparer.Ordinal);

    private static string? Text(IFormCollection form, string name) => form[name].ToString().Trim() is { Length: > 0 and <= 100 } text ? text : null;

    private static bool? Truth(IFormCollection form, string name) => bool.TryParse(form[name], out var value) ? value : null;

    private static string Why(Saved saved) => ConnectionAnswers.ProblemOf(saved)?.Detail ?? "Nothing was changed.";

    private static IResult Back(string page, string says, bool failing = false) =>
        new Console.GoBack(page, says, failing);
}
