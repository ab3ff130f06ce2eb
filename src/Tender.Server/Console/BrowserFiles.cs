namespace Tender.Server.Console;

/// <summary>The files of wwwroot.</summary>
internal static class BrowserFiles
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapStaticAssets().Add(endpoint =>
    {
        if (endpoint.RequestDelegate is not { } send) return;
        endpoint.RequestDelegate = http =>
        {
            http.Response.Headers.XContentTypeOptions = "nosniff";

            // Merchants' pages load the embed as a module, which the browser does only with leave.
            if (http.Request.Path.Value is "/tender.mjs" or "/tender.js")
            {
                http.Response.Headers.AccessControlAllowOrigin = "*";
                http.Response.Headers["Cross-Origin-Resource-Policy"] = "cross-origin";
            }

            return send(http);
        };
    });
}
