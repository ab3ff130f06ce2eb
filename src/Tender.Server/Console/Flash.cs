using Tender.Domain;

namespace Tender.Server.Console;

/// <summary>What was done, said once on the next page. It travels in a cookie: an address that anybody can write must not speak for Tender.</summary>
internal static class Flash
{
    private const string Cookie = "tender-says";
    private const char Failed = '!';
    private const int CharsMax = 500;

    /// <summary>For the page that the browser is sent to next.</summary>
    public static void Put(HttpContext http, string says, bool failing = false) => http.Response.Cookies.Append(
        Cookie, $"{(failing ? Failed : ' ')}{says.AtMost(CharsMax)}", Options(http));

    /// <summary>What is to be said, and not again; null when nothing is.</summary>
    public static (string Says, bool Failing)? Take(HttpContext http)
    {
        if (http.Request.Cookies[Cookie] is not { Length: > 1 } said) return null;
        if (!http.Response.HasStarted) http.Response.Cookies.Delete(Cookie, Options(http));
        return (said[1..], said[0] is Failed);
    }

    private static CookieOptions Options(HttpContext http) => new()
    {
        HttpOnly = true,
        Secure = http.Request.IsHttps,
        SameSite = SameSiteMode.Strict,
        Path = ConsolePaths.Home,
        MaxAge = TimeSpan.FromMinutes(1),
    };
}

/// <summary>The answer to a form: back to a page, which says what was done.</summary>
internal sealed record GoBack(string To, string Says, bool Failing = false) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext)
    {
        Flash.Put(httpContext, Says, Failing);
        return Results.LocalRedirect(To).ExecuteAsync(httpContext);
    }
}
