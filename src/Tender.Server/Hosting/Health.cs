using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;
using Tender.Server.Hosting.OpenApi;
using Tender.Server.Members;

namespace Tender.Server.Hosting;

/// <summary>GET /health/live: the process runs. GET /health/ready: send it requests; a load balancer asks this.</summary>
internal static class Health
{
    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        var health = routes.MapGroup("/health").WithTags("Health");
        health.MapGet("/live", Live).CallableBy(Callers.Public).NotRateLimited().Answers<Status>("readLiveness");
        health.MapGet("/ready", Ready).CallableBy(Callers.Public).NotRateLimited().Answers<Status>("readReadiness");
    }

    /// <summary>Says that the process runs.</summary>
    /// <remarks>For a supervisor.</remarks>
    public static ContentHttpResult Live() => TypedResults.Text("""{"status":"live"}""", "application/json");

    /// <summary>Says whether requests may be sent here.</summary>
    /// <remarks>For a load balancer: 503 while the database is away, and when the server stops.</remarks>
    public static IResult Ready(DatabaseWatch database, IHostApplicationLifetime life)
    {
        if (life.ApplicationStopping.IsCancellationRequested) return Problem.Unavailable("stopping", "This server is stopping; ask another.");
        return database.IsUp ? TypedResults.Text("""{"status":"ready"}""", "application/json") : Outages.Away;
    }

    /// <param name="Word">live or ready.</param>
    internal sealed record Status([property: JsonPropertyName("status")] string Word);
}
