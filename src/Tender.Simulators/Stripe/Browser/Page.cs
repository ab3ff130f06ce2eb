using System.Net;
using Tender.Simulators.Stripe.Payments;

namespace Tender.Simulators.Stripe.Browser;

/// <summary>The frame of every page that a payer sees here. It always says that it is a simulator.</summary>
internal static class Page
{
    public const string Policy = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; base-uri 'none'";

    public static IResult Show(HttpContext http, string title, string body, string script, int status = 200)
    {
        http.Response.Headers.ContentSecurityPolicy = Policy;
        http.Response.Headers.CacheControl = "no-store";
        return Results.Text(Html(title, body, script), "text/html; charset=utf-8", statusCode: status);
    }

    public static string Safe(string? text) => WebUtility.HtmlEncode(text) ?? "";

    /// <summary>The number large, the currency beside it.</summary>
    public static string Amount(long amount, string currency)
    {
        var shown = Currencies.Show(amount, currency).Split(' ');
        return $"{shown[0]} <small>{shown[1]}</small>";
    }

    private static string Html(string title, string body, string script) => $"""
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <title>{Safe(title)} (simulator)</title>
        <link rel="stylesheet" href="{Front.StripeFront.Prefix}/css/simulator.css">
        <script src="{Front.StripeFront.Prefix}/js/{script}" type="module"></script>
        </head>
        {body}
        </html>
        """;
}
