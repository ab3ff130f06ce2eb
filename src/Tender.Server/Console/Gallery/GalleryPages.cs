using Tender.Domain.Providers;

namespace Tender.Server.Console.Gallery;

/// <summary>Every part in every state, to look at while building: /console/gallery, in development only.</summary>
internal static class GalleryPages
{
    public static void OnlyInDevelopment(EndpointBuilder endpoint)
    {
        if (endpoint is not RouteEndpointBuilder { RoutePattern.RawText: { } path } || !path.TrimStart('/').StartsWith("console/gallery", StringComparison.Ordinal)) return;
        if (endpoint.RequestDelegate is not { } render) return;
        endpoint.RequestDelegate = http =>
        {
            if (!http.RequestServices.GetRequiredService<IHostEnvironment>().IsDevelopment())
            {
                http.Response.StatusCode = StatusCodes.Status404NotFound;
                return Task.CompletedTask;
            }

            http.RequestServices.GetRequiredService<CurrentFrame>().Show(Sample(ConsoleSlice.ModeOf(http)));
            return render(http);
        };
    }

    private static ConsoleFrame Sample(Mode mode) => new("Acme Shows", mode, "Ada Lovelace", "ada@acme.example", "admin", IsOwner: true,
        [
            new("k3f9x2", "Acme Shows", IsHere: true),
            new("p8d2m4", "مسرح النور"),
            new("w7q1z5", "The Very Long Name of a Company That Nobody Ever Shortened, Incorporated"),
        ], Cases: 2);
}
