using System.Net;
using System.Text.RegularExpressions;

namespace Tender.Tests.Server.Members;

/// <summary>
/// Follows pages and sends their forms as a browser does, cookies and antiforgery tokens included. Like one, it takes localhost
/// for a safe place: .NET's own cookies would not go over http.
/// </summary>
internal sealed partial class FormBrowser(HttpClient http)
{
    private readonly Dictionary<string, string> cookies = new(StringComparer.Ordinal);

    public string Page { get; private set; } = "";

    /// <summary>Where one is, after redirects.</summary>
    public string At { get; private set; } = "";

    public HttpStatusCode Status { get; private set; }

    public HttpResponseMessage Last { get; private set; } = null!;

    public IDictionary<string, string> Cookies => cookies;

    public Task OpenAsync(string path) => GoAsync(HttpMethod.Get, path, null);

    /// <summary>Sends the form that <paramref name="named"/> names (its Blazor name, or its action) on the page that is open.</summary>
    public async Task SubmitAsync(string named, params (string Name, string Value)[] typed)
    {
        var form = Forms().Matches(Page).Select(match => match.Value)
            .FirstOrDefault(text => text.Contains($"value=\"{named}\"", StringComparison.Ordinal) || text.Contains($"action=\"{named}\"", StringComparison.Ordinal))
            ?? throw new InvalidOperationException($"no form {named} at {At}: {Page}");
        var fields = Hidden().Matches(form).ToDictionary(match => Attribute(match.Value, "name"), match => Attribute(match.Value, "value"), StringComparer.Ordinal);
        foreach (var (name, value) in typed) fields[name] = value;
        var action = Action().Match(form[..form.IndexOf('>', StringComparison.Ordinal)]) is { Success: true } there ? WebUtility.HtmlDecode(there.Groups[1].Value) : At;
        await GoAsync(HttpMethod.Post, action, new FormUrlEncodedContent(fields));
    }

    public async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request)
    {
        if (cookies.Count > 0) request.Headers.Add("Cookie", string.Join("; ", cookies.Select(cookie => $"{cookie.Key}={cookie.Value}")));
        var response = await http.SendAsync(request);
        foreach (var set in response.Headers.TryGetValues("Set-Cookie", out var all) ? all : []) Keep(set);
        return response;
    }

    private async Task GoAsync(HttpMethod method, string path, HttpContent? body)
    {
        for (var redirects = 0; redirects < 10; redirects++)
        {
            using var request = new HttpRequestMessage(method, path) { Content = body };
            request.Headers.Add("Accept", "text/html");
            Last = await SendAsync(request);
            (At, Status, Page) = (path, Last.StatusCode, await Last.Content.ReadAsStringAsync());
            if (Last.Headers.Location is not { } next || (int)Status / 100 is not 3) return;
            (method, body, path) = (HttpMethod.Get, null, next.IsAbsoluteUri ? next.PathAndQuery : next.OriginalString);
        }

        throw new InvalidOperationException($"led round in circles at {path}");
    }

    private void Keep(string set)
    {
        var pair = set.Split(';')[0].Split('=', 2);
        if (pair[1].Length is 0 || set.Contains("expires=Thu, 01 Jan 1970", StringComparison.OrdinalIgnoreCase)) cookies.Remove(pair[0]);
        else cookies[pair[0]] = pair[1];
    }

    private static string Attribute(string tag, string name) =>
        Regex.Match(tag, $" {name}=\"([^\"]*)\"") is { Success: true } match ? WebUtility.HtmlDecode(match.Groups[1].Value) : "";

    [GeneratedRegex("<form.*?</form>", RegexOptions.Singleline)]
    private static partial Regex Forms();

    [GeneratedRegex("<input[^>]*type=\"hidden\"[^>]*>")]
    private static partial Regex Hidden();

    [GeneratedRegex(" action=\"([^\"]*)\"")]
    private static partial Regex Action();
}
