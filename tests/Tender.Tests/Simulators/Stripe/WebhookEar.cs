using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Tender.Tests.Simulators.Stripe;

/// <summary>A receiver of webhooks that keeps what it hears, and checks signatures by its own means.</summary>
internal sealed class WebhookEar : IAsyncDisposable
{
    public const string Secret = "whsec_ear";

    private readonly Channel<Heard> heard = Channel.CreateUnbounded<Heard>();
    private readonly WebApplication app;

    private WebhookEar()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        app = builder.Build();
        app.MapPost("/hook", HearAsync);
    }

    /// <summary>How many to refuse before the first is taken.</summary>
    public int Refusals { get; set; }

    public string Url => $"{app.Urls.First()}/hook";

    public static async Task<WebhookEar> OpenAsync(SimulatedStripe stripe, params string[] events)
    {
        var ear = await OpenAsync();
        await stripe.ControlAsync("/stripe/webhook_endpoints", new { url = ear.Url, secret = Secret, enabledEvents = events });
        return ear;
    }

    public static async Task<WebhookEar> OpenAsync()
    {
        var ear = new WebhookEar();
        await ear.app.StartAsync();
        return ear;
    }

    public async Task<Heard> NextAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        return await heard.Reader.ReadAsync(limit.Token);
    }

    public async Task StaySilentAsync(int ms = 300)
    {
        await Task.Delay(ms);
        heard.Reader.TryPeek(out var unexpected).ShouldBeFalse(unexpected?.Type);
    }

    public bool HasHeard => heard.Reader.TryPeek(out _);

    public ValueTask DisposeAsync() => app.DisposeAsync();

    /// <summary>The scheme of the sheet, written again here; its vector is in <see cref="WebhookTests"/>.</summary>
    public static string Sign(string secret, long time, string body) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes($"{time.ToString(CultureInfo.InvariantCulture)}.{body}")));

    private async Task<IResult> HearAsync(HttpRequest request)
    {
        using var reader = new StreamReader(request.Body);
        heard.Writer.TryWrite(new(request.Headers["Stripe-Signature"].ToString(), await reader.ReadToEndAsync()));
        return Refusals-- > 0 ? Results.StatusCode(500) : Results.Ok();
    }

    internal sealed record Heard(string Signature, string Body)
    {
        public JsonElement Event => JsonDocument.Parse(Body).RootElement;

        public string Type => Event.Text("type")!;

        public string Id => Event.Text("id")!;

        public long Time => long.Parse(Parts("t").Single());

        public IEnumerable<string> Parts(string name) => Signature.Split(',').Where(part => part.StartsWith($"{name}=", StringComparison.Ordinal)).Select(part => part[(name.Length + 1)..]);

        public bool IsSignedWith(string secret) => Parts("v1").Contains(Sign(secret, Time, Body));
    }
}
