using Tender.Server.Members;

namespace Tender.Server.Hosting;

/// <summary>GET /health/live: the process runs. GET /health/ready: send it requests; a load balancer asks this.</summary>
internal static class Health
{
    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/health/live", () => TypedResults.Text("""{"status":"live"}""", "application/json")).CallableBy(Callers.Public).NotRateLimited();
        routes.MapGet("/health/ready", Ready).CallableBy(Callers.Public).NotRateLimited();
    }

    private static IResult Ready(DatabaseWatch database, IHostApplicationLifetime life)
    {
        if (life.ApplicationStopping.IsCancellationRequested) return Problem.Unavailable("stopping", "This server is stopping; ask another.");
        return database.IsUp ? TypedResults.Text("""{"status":"ready"}""", "application/json") : Outages.Away;
    }
}
