using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Tender.Simulators;

namespace Tender.Tests.Simulators.Stripe;

/// <summary>A simulator of one's own on a free port, and short ways to call it.</summary>
public sealed class SimulatedStripe : IAsyncLifetime
{
    public const string SecretKey = "sk_test_tenderdemo0000000000000001";
    public const string PublishableKey = "pk_test_tenderdemo0000000000000001";

    private readonly WebApplication app;
    private readonly HttpClient client = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false });

    public SimulatedStripe()
        : this([])
    {
    }

    internal SimulatedStripe(params string[] options) => app = SimulatorHost.Build(["--urls", "http://127.0.0.1:0", .. options]);

    public string Url => app.Urls.First();

    public async Task InitializeAsync() => await app.StartAsync();

    public async Task DisposeAsync()
    {
        client.Dispose();
        await app.DisposeAsync();
    }

    public Task<Answer> PostAsync(string path, string form = "", string? key = null, string secret = SecretKey, string? account = null) => SendAsync(HttpMethod.Post, path, form, key, secret, account);

    public Task<Answer> GetAsync(string path, string secret = SecretKey, string? account = null) => SendAsync(HttpMethod.Get, path, null, null, secret, account);

    public async Task<Answer> SendAsync(HttpMethod method, string path, string? form, string? key = null, string secret = SecretKey, string? account = null)
    {
        using var request = new HttpRequestMessage(method, $"{Url}/stripe{path}");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", secret);
        if (key is not null) request.Headers.Add("Idempotency-Key", key);
        if (account is not null) request.Headers.Add("Stripe-Account", account);
        if (form is not null) request.Content = new StringContent(form, new MediaTypeHeaderValue("application/x-www-form-urlencoded"));
        return await SendAsync(request);
    }

    public async Task<Answer> SendAsync(HttpRequestMessage request)
    {
        using var response = await client.SendAsync(request);
        return new(response.StatusCode, response.Headers.ToDictionary(header => header.Key, header => string.Join(',', header.Value)), await response.Content.ReadAsStringAsync());
    }

    public async Task<JsonElement> ControlAsync(string path, object? body = null)
    {
        using var response = await client.PostAsJsonAsync($"{Url}/_control{path}", body ?? new { });
        response.IsSuccessStatusCode.ShouldBeTrue(await response.Content.ReadAsStringAsync());
        return response.StatusCode is HttpStatusCode.NoContent ? default : await response.Content.ReadFromJsonAsync<JsonElement>();
    }

    public Task<JsonElement> FaultAsync(string fault, object match, int times = 1, int? ms = null) => ControlAsync("/stripe/faults", new { fault, match, times, ms });

    public Task<JsonElement> AdvanceAsync(double seconds) => ControlAsync("/clock/advance", new { seconds });

    public async Task<JsonElement> LedgerAsync(string? account = null) => await client.GetFromJsonAsync<JsonElement>($"{Url}/_control/stripe/ledger{(account is null ? "" : $"?account={account}")}");

    public async Task<HttpResponseMessage> BrowseAsync(HttpMethod method, string url, string? form = null)
    {
        using var request = new HttpRequestMessage(method, new Uri(new Uri(Url), url));
        if (form is not null) request.Content = new StringContent(form, new MediaTypeHeaderValue("application/x-www-form-urlencoded"));
        return await client.SendAsync(request);
    }

    public async Task<JsonElement> NewIntentAsync(string more = "") => (await PostAsync("/v1/payment_intents", $"amount=2000&currency=usd{more}")).Ok();

    /// <summary>Pays with a token from a server.</summary>
    public Task<Answer> PayAsync(string token, string more = "") =>
        PostAsync("/v1/payment_intents", $"amount=2000&currency=usd&confirm=true&payment_method={token}&return_url=https://shop.example/back{more}");
}

/// <summary>An answer of the API.</summary>
public sealed record Answer(HttpStatusCode Status, IReadOnlyDictionary<string, string> Headers, string Text)
{
    public JsonElement Json => JsonDocument.Parse(Text).RootElement;

    public JsonElement Error => Json.GetProperty("error");

    public JsonElement Ok()
    {
        Status.ShouldBe(HttpStatusCode.OK, Text);
        return Json;
    }

    public void ShouldFail(int status, string code)
    {
        ((int)Status).ShouldBe(status, Text);
        Error.Text("code").ShouldBe(code);
    }
}

internal static class Reading
{
    public static string? Text(this JsonElement element, string path)
    {
        foreach (var part in path.Split('.')) element = element.GetProperty(part);
        return element.ValueKind is JsonValueKind.Null ? null : element.ToString();
    }

    public static long Number(this JsonElement element, string path) => long.Parse(element.Text(path)!);
}
