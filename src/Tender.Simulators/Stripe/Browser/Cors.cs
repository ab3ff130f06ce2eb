namespace Tender.Simulators.Stripe.Browser;

/// <summary>Browsers may call the API from any shop's page, as with the real one: the key in the call decides, not the origin.</summary>
internal static class Cors
{
    public static void Allow(IHeaderDictionary headers)
    {
        headers.AccessControlAllowOrigin = "*";
        headers.AccessControlExposeHeaders = "Request-Id, Stripe-Should-Retry, Idempotent-Replayed";
    }

    public static IResult Preflight(HttpContext http)
    {
        Allow(http.Response.Headers);
        http.Response.Headers.AccessControlAllowMethods = "GET, POST, HEAD, OPTIONS, DELETE";
        http.Response.Headers.AccessControlAllowHeaders = "Authorization, Content-Type, Idempotency-Key, Stripe-Account, Stripe-Version";
        http.Response.Headers.AccessControlMaxAge = "300";
        return Results.NoContent();
    }
}
