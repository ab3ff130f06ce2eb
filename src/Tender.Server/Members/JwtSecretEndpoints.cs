using Tender.Server.Console;
using Tender.Server.Hosting;
using Tender.Server.Hosting.OpenApi;
using Tender.Server.Tenancy;

namespace Tender.Server.Members;

/// <summary>What the tokens of a tenant's users are signed with: its own secret, or the installation's.</summary>
internal static class JwtSecretEndpoints
{
    private const string Settings = "/console/settings";

    public static void Map(IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup("/api/jwt-secret").WithTags("Secrets");
        api.MapGet("", ReadAsync).CallableBy(Callers.Viewer).Answers<ChangeJwtSecret.View>("readJwtSecret");
        api.MapPut("", SetAsync).CallableBy(Callers.Admin).Answers<ChangeJwtSecret.View>("setJwtSecret").Refuses(409);
        api.MapDelete("", RemoveAsync).CallableBy(Callers.Admin).Answers<ChangeJwtSecret.View>("removeJwtSecret");
        routes.MapPost($"{Settings}/jwt-secret", SetByFormAsync).CallableBy(Callers.Admin);
    }

    /// <summary>Tells what the tokens of the tenant's users are signed with.</summary>
    /// <remarks>Its own secret, or the installation's JWT_SECRET; never the secret itself.</remarks>
    public static async Task<IResult> ReadAsync(ChangeJwtSecret change, TenantDb db, CancellationToken cancellation) =>
        Results.Ok(await change.ReadAsync(db.Tenant.Code, cancellation));

    /// <summary>Sets the tenant's own JWT secret.</summary>
    /// <remarks>Sealed by encryptForServer for jwt-secret. The installation's JWT_SECRET opens nothing of this tenant any more, and this one nothing of another.</remarks>
    public static async Task<IResult> SetAsync(ChangeJwtSecret.Request request, ChangeJwtSecret change, TenantDb db, HttpContext context, CancellationToken cancellation) =>
        AnswerTo(await change.SetAsync(db, request, context.Caller(), cancellation));

    /// <summary>Goes back to the installation's JWT secret.</summary>
    /// <remarks>At once, on every node: tokens signed with the tenant's own count no more.</remarks>
    public static async Task<IResult> RemoveAsync(ChangeJwtSecret change, TenantDb db, HttpContext context, CancellationToken cancellation) =>
        AnswerTo(await change.RemoveAsync(db, context.Caller(), cancellation));

    private static IResult AnswerTo(ChangeJwtSecret.Outcome outcome) => outcome switch
    {
        ChangeJwtSecret.Outcome.Changed { Now: var now } => Results.Ok(now),
        ChangeJwtSecret.Outcome.Refused { Why: var why } => Problem.Invalid("secret", why),
        _ => Problem.Conflict("changed_meanwhile", "Somebody else set a secret at the same moment; look at what counts now."),
    };

    private static async Task<IResult> SetByFormAsync(IFormCollection form, ChangeJwtSecret change, TenantDb db, HttpContext context, CancellationToken cancellation)
    {
        var hours = form["previous"].ToString() is "end" ? 0 : ChangeJwtSecret.HoursUsual;
        var outcome = await change.SetAsync(db, new(form["secret"].ToString(), hours), context.Caller(), cancellation);
        Flash.Put(context, outcome switch
        {
            ChangeJwtSecret.Outcome.Changed => "Set. Tokens of your users count when they are signed with it.",
            ChangeJwtSecret.Outcome.Refused { Why: var why } => $"Nothing was changed: the secret {why}.",
            _ => "Nothing was changed: somebody else set one at the same moment.",
        }, failing: outcome is not ChangeJwtSecret.Outcome.Changed);
        return Results.Redirect(Settings);
    }
}
