using Microsoft.AspNetCore.Mvc;
using Tender.Domain.Providers;
using Tender.Server.Console.Gallery;
using Tender.Server.Console.Home;
using Tender.Server.Members;

namespace Tender.Server.Console;

/// <summary>The console's frame, the parts of its pages, and the files a browser gets.</summary>
internal static class ConsoleSlice
{
    /// <summary>The cookie that says whether the console shows test or live payments.</summary>
    public const string ModeCookie = "tender-mode";

    public static IServiceCollection AddConsole(this IServiceCollection services)
    {
        services.AddRazorComponents();
        services.AddAntiforgery();
        services.AddScoped<CurrentFrame>();
        services.AddCascadingValue(provider => provider.GetRequiredService<CurrentFrame>().Frame);
        return services;
    }

    /// <summary>The console's first page; it reads from the other slices, which the frame and the parts do without.</summary>
    public static IServiceCollection AddHome(this IServiceCollection services) => services.AddSingleton<ReadHome>();

    public static IEndpointRouteBuilder MapConsole(this IEndpointRouteBuilder routes)
    {
        var pages = routes.MapRazorComponents<App>();
        pages.Add(PageHeaders.Put);
        pages.Add(GalleryPages.OnlyInDevelopment);
        pages.Add(OpenFrameworksOwn);

        routes.MapGet("/", () => Results.Redirect(ConsolePaths.Home)).CallableBy(Callers.Public);

        // A browser's own choice, kept in its own cookie; the antiforgery token proves that the page's button was pressed.
        routes.MapPost(ConsolePaths.Mode, SwitchMode).CallableBy(Callers.Public | Callers.Viewer | Callers.Owner);
        return routes;
    }

    /// <summary>What the console is switched to by this browser; test until somebody says live.</summary>
    public static Mode ModeOf(HttpContext http) => http.Request.Cookies[ModeCookie] is "live" ? Mode.Live : Mode.Test;

    // Beside the pages Razor maps a redirect of its own, under a sealed address.
    private static void OpenFrameworksOwn(EndpointBuilder endpoint)
    {
        if (endpoint is RouteEndpointBuilder { RoutePattern.RawText: { } path } && path.TrimStart('/').StartsWith("_framework/", StringComparison.Ordinal))
            endpoint.Metadata.Add(new CallerRule(Callers.Public));
    }

    private static IResult SwitchMode([FromForm] string mode, [FromForm] string? returnTo, HttpContext http)
    {
        var cookie = new CookieOptions { HttpOnly = true, Secure = http.Request.IsHttps, SameSite = SameSiteMode.Lax, Path = "/", MaxAge = TimeSpan.FromDays(365) };
        http.Response.Cookies.Append(ModeCookie, mode is "live" ? "live" : "test", cookie);
        return Results.LocalRedirect(ConsolePaths.OnThisSite(returnTo));
    }
}
