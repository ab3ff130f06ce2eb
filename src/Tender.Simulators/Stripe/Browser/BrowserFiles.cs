using System.Reflection;

namespace Tender.Simulators.Stripe.Browser;

/// <summary>The scripts, styles and frames that a browser loads; they are built into the program.</summary>
internal static class BrowserFiles
{
    private static readonly Dictionary<string, string> Types = new()
    {
        [".js"] = "text/javascript; charset=utf-8",
        [".css"] = "text/css; charset=utf-8",
        [".html"] = "text/html; charset=utf-8",
    };

    public static void Map(RouteGroupBuilder stripe)
    {
        Map(stripe, "/js/stripe.js", "stripe.js");
        Map(stripe, "/js/card.js", "card.js");
        Map(stripe, "/js/frame.js", "frame.js");
        Map(stripe, "/js/hosted.js", "hosted.js");
        Map(stripe, "/js/challenge.js", "challenge.js");
        Map(stripe, "/css/simulator.css", "simulator.css");
        Map(stripe, "/elements/payment.html", "frame.html");
    }

    private static void Map(RouteGroupBuilder stripe, string path, string name)
    {
        var bytes = Read(name);
        var type = Types[Path.GetExtension(name)];
        stripe.MapGet(path, (HttpContext http) =>
        {
            Cors.Allow(http.Response.Headers);
            if (name.EndsWith(".html", StringComparison.Ordinal)) http.Response.Headers.ContentSecurityPolicy = Page.Policy;
            http.Response.Headers.CacheControl = "no-cache";
            return Results.Bytes(bytes, type);
        });
    }

    private static byte[] Read(string name)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream($"browser/{name}")!;
        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        return copy.ToArray();
    }
}
