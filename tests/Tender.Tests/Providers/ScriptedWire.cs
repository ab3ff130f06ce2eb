using System.Net;
using System.Text;

namespace Tender.Tests.Providers;

/// <summary>The other end of the wire, by script: each request gets the next answer, the last one again and again. Keeps what was sent.</summary>
internal sealed class ScriptedWire(params Func<SentRequest, HttpResponseMessage>[] script) : HttpMessageHandler
{
    private readonly List<SentRequest> sent = [];

    public IReadOnlyList<SentRequest> Sent => sent;

    public static Func<SentRequest, HttpResponseMessage> Json(string body, HttpStatusCode status = HttpStatusCode.OK) => Text(body, "application/json", status);

    public static Func<SentRequest, HttpResponseMessage> Text(string body, string type, HttpStatusCode status) =>
        _ => new(status) { Content = new StringContent(body, Encoding.UTF8, type) };

    public static Func<SentRequest, HttpResponseMessage> Breaks(Exception fault) => _ => throw fault;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var body = request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellation);
        var headers = request.Headers.ToDictionary(h => h.Key, h => string.Join(',', h.Value), StringComparer.OrdinalIgnoreCase);
        var next = new SentRequest(request.Method, request.RequestUri!, headers, body);
        sent.Add(next);
        return script[Math.Min(sent.Count, script.Length) - 1](next);
    }
}

/// <summary>One request as it went out.</summary>
internal sealed record SentRequest(HttpMethod Method, Uri Address, IReadOnlyDictionary<string, string> Headers, string Body)
{
    public string Path => Address.AbsolutePath;

    /// <summary>Form fields of the body, or of the query where there is no body.</summary>
    public IReadOnlyDictionary<string, string> Fields => (Body.Length > 0 ? Body : Address.Query.TrimStart('?'))
        .Split('&', StringSplitOptions.RemoveEmptyEntries).Select(pair => pair.Split('=', 2))
        .ToDictionary(pair => Uri.UnescapeDataString(pair[0]), pair => Uri.UnescapeDataString(pair[1]));

    /// <summary>Everything of it, to compare a repeat with.</summary>
    public override string ToString() =>
        $"{Method} {Address}\n{string.Join('\n', Headers.OrderBy(h => h.Key, StringComparer.Ordinal).Select(h => $"{h.Key}: {h.Value}"))}\n\n{Body}";
}
