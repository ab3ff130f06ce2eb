#:sdk Microsoft.NET.Sdk.Web
#:property PublishAot=false
#:property RequiresAspNetWebAssets=false

// A merchant's site in one file. It sells one product with Tender's embedded checkout:
// 1. the server asks Tender for a checkout session and keeps its id,
// 2. the page mounts the payment form with the session's client secret,
// 3. after paying, the server confirms with Tender and shows the tickets.
//
//   dotnet run examples/shop/shop.cs            beside ./run; reads data/demo.json
//   TENDER_URL=… TENDER_KEY=sk_… PRODUCT_ID=prod_… PORT=4000 dotnet run examples/shop/shop.cs

using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;

var demo = ReadDemo();
string Setting(string name, string inDemo, string otherwise = "") =>
    Environment.GetEnvironmentVariable(name) ?? (demo?.TryGetProperty(inDemo, out var value) is true ? value.GetString() : null) ?? otherwise;

var tenderUrl = Setting("TENDER_URL", "baseUrl", "http://localhost:3000").TrimEnd('/');
var productId = Setting("PRODUCT_ID", "productId");
var port = Environment.GetEnvironmentVariable("PORT") ?? "4000";
var here = $"http://localhost:{port}";

var tender = new HttpClient { BaseAddress = new Uri(tenderUrl) };
tender.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Setting("TENDER_KEY", "apiKey"));

var builder = WebApplication.CreateSlimBuilder();
builder.Logging.SetMinimumLevel(LogLevel.Warning);
builder.WebHost.UseUrls($"http://0.0.0.0:{port}");
var shop = builder.Build();

shop.MapGet("/", async () =>
{
    var product = await tender.GetFromJsonAsync<JsonElement>($"/api/v1/products/{productId}");
    return Page($"""
        <h1>{Safe(product.GetProperty("name").GetString())}</h1>
        <p>{Safe(product.GetProperty("description").GetString())}</p>
        <form method="post" action="/checkout">
          <label>Name <input name="name" autocomplete="name" required></label>
          <label>E-mail <input name="email" type="email" autocomplete="email" required></label>
          <label>How many <input name="quantity" type="number" min="1" max="10" value="1" required></label>
          <button>Go to payment</button>
        </form>
        """);
});

shop.MapPost("/checkout", async (HttpRequest request) =>
{
    var form = await request.ReadFormAsync();
    using var ask = new HttpRequestMessage(HttpMethod.Post, "/api/v1/checkout/sessions")
    {
        Content = JsonContent.Create(new
        {
            productId,
            quantity = int.TryParse(form["quantity"], out var quantity) ? quantity : 1,
            customerEmail = form["email"].ToString(),
            customerName = form["name"].ToString(),
            successUrl = $"{here}/pay",
        }),
    };
    ask.Headers.Add("Idempotency-Key", Guid.NewGuid().ToString("N"));
    using var answer = await tender.SendAsync(ask);
    var session = await answer.Content.ReadFromJsonAsync<JsonElement>();
    if (!answer.IsSuccessStatusCode)
        return Page($"<h1>Not possible right now</h1><p>{Safe(session.GetProperty("detail").GetString())}</p><p><a href=\"/\">Back to the shop</a></p>", 502);

    // The session lives in the buyer's cookie; a real shop keeps it with its order.
    request.HttpContext.Response.Cookies.Append("session", session.GetProperty("sessionId").GetString()!, new() { HttpOnly = true });
    request.HttpContext.Response.Cookies.Append("secret", session.GetProperty("clientSecret").GetString()!, new() { HttpOnly = true });
    return Results.Redirect("/pay");
});

shop.MapGet("/pay", (HttpRequest request) => request.Cookies["secret"] is not { } secret
    ? Results.Redirect("/")
    : Page($"""
        <h1>Pay</h1>
        <div id="pay"></div>
        <script src="{tenderUrl}/tender.js"></script>
        <script>
          Tender({JsonSerializer.Serialize(tenderUrl)})
            .checkout({JsonSerializer.Serialize(new { clientSecret = secret })})
            .mount('#pay')
            .on('paid', () => location.assign('/thanks'));
        </script>
        """));

shop.MapGet("/thanks", async (HttpRequest request) =>
{
    if (request.Cookies["session"] is not { } sessionId) return Results.Redirect("/");
    using var answer = await tender.PostAsJsonAsync("/api/v1/checkout/confirm", new { sessionId });
    var body = await answer.Content.ReadFromJsonAsync<JsonElement>();
    if (!answer.IsSuccessStatusCode)
        return Page($"<h1>Not paid yet</h1><p>{Safe(body.GetProperty("detail").GetString())}</p><p><a href=\"/pay\">Back to the payment</a></p>", 409);

    var links = body.GetProperty("downloadUrls");
    return Page($"""
        <h1>Thank you</h1>
        <p id="count">{body.GetProperty("ticketIds").GetArrayLength()} ticket(s).</p>
        <p>{Link(links, "tickets", "Download the tickets")} {Link(links, "invoice", "Download the invoice")}</p>
        <p>They come by e-mail, too, when Tender has a mail server (SMTP_URL); without one the mail is in its console, under Messages.</p>
        """);
});

Console.WriteLine($"The shop is open at {here} and pays through {tenderUrl}");
await shop.RunAsync();

static JsonElement? ReadDemo()
{
    for (var folder = new DirectoryInfo(Environment.CurrentDirectory); folder is not null; folder = folder.Parent)
    {
        var file = Path.Combine(folder.FullName, "data", "demo.json");
        if (File.Exists(file)) return JsonSerializer.Deserialize<JsonElement>(File.ReadAllText(file));
    }

    return null;
}

static string Link(JsonElement links, string name, string text) =>
    links.GetProperty(name).GetString() is { } url ? $"<a id=\"{name}\" href=\"{Safe(url)}\">{text}</a>" : "";

static string Safe(string? text) => WebUtility.HtmlEncode(text ?? "");

static IResult Page(string body, int status = 200) => Results.Content($$"""
    <!doctype html>
    <html lang="en">
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Harbour Festival</title>
    <style>
      body { font: 17px/1.5 system-ui, sans-serif; max-width: 30rem; margin: 3rem auto; padding: 0 1rem; color-scheme: light dark }
      label { display: block; margin: 0 0 1rem } input { display: block; font: inherit; width: 100%; padding: .5rem; box-sizing: border-box }
      button { font: inherit; padding: .6rem 1.2rem }
    </style>
    <body>{{body}}</body>
    </html>
    """, "text/html; charset=utf-8", statusCode: status);
