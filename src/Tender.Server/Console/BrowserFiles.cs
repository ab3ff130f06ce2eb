using Microsoft.AspNetCore.StaticFiles;

namespace Tender.Server.Console;

/// <summary>The files of wwwroot, which src/tender.js builds.</summary>
internal static class BrowserFiles
{
    /// <summary>Serves them before anything asks who is there.</summary>
    public static void UseBrowserFiles(this IApplicationBuilder app) => app.UseStaticFiles(new StaticFileOptions { OnPrepareResponse = Mark, ContentTypeProvider = Kinds });

    // Elsewhere .ts is a film.
    private static readonly FileExtensionContentTypeProvider Kinds = new() { Mappings = { [".ts"] = "text/plain; charset=utf-8" } };

    private static void Mark(StaticFileResponseContext sent)
    {
        var headers = sent.Context.Response.Headers;
        headers.XContentTypeOptions = "nosniff";

        // Names carry no version: a browser keeps the file and asks whether it changed. Fonts do not change.
        headers.CacheControl = sent.Context.Request.Path.StartsWithSegments("/fonts", StringComparison.Ordinal) ? "public, max-age=31536000" : "no-cache";

        // Merchants' pages load the embed as a module, which a browser does only with leave.
        if (sent.File.Name is not ("tender.js" or "tender.mjs")) return;
        headers.AccessControlAllowOrigin = "*";
        headers["Cross-Origin-Resource-Policy"] = "cross-origin";
    }
}
