using System.Net;
using System.Security.Cryptography;
using System.Text;

namespace Tender.Simulators.Stripe.Wire;

/// <summary>Reads the parameters of a request: the query of a GET or DELETE, the form of a POST.</summary>
internal static class FormReading
{
    private const int PairsMax = 1000;

    public static async Task<ReadForm> ReadAsync(HttpRequest request, CancellationToken cancellation)
    {
        var query = request.QueryString.HasValue ? request.QueryString.Value!.TrimStart('?') : "";
        if (!HttpMethods.IsPost(request.Method)) return Parse(query);

        var body = await BodyAsync(request, cancellation);
        if (body.Length > 0 && !IsForm(request.ContentType))
        {
            throw StripeProblem.Invalid("Invalid request (check that your POST content type is application/x-www-form-urlencoded). If you have any questions, we can help at https://support.stripe.com/.");
        }

        return Parse(query.Length == 0 ? body : body.Length == 0 ? query : $"{query}&{body}");
    }

    public static ReadForm Parse(string encoded)
    {
        var root = new FormNode("");
        if (encoded.Length == 0) return new(root, "");

        var pairs = encoded.Split('&', StringSplitOptions.RemoveEmptyEntries);
        if (pairs.Length > PairsMax) throw StripeProblem.Invalid("Too many parameters.");
        foreach (var pair in pairs)
        {
            var equals = pair.IndexOf('=', StringComparison.Ordinal);
            var name = WebUtility.UrlDecode(equals < 0 ? pair : pair[..equals]);
            root.Add(name, equals < 0 ? "" : WebUtility.UrlDecode(pair[(equals + 1)..]));
        }

        // The same parameters in another order are the same request.
        Array.Sort(pairs, StringComparer.Ordinal);
        return new(root, Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('&', pairs)))));
    }

    private static async Task<string> BodyAsync(HttpRequest request, CancellationToken cancellation)
    {
        using var reader = new StreamReader(request.Body, Encoding.UTF8);
        return await reader.ReadToEndAsync(cancellation);
    }

    private static bool IsForm(string? contentType) =>
        contentType?.Split(';')[0].Trim().Equals("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase) is true;

    /// <summary>The parameters, and a hash of them to tell one request from another.</summary>
    internal sealed record ReadForm(FormNode Form, string Fingerprint);
}
