using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Tender.Server.Hosting;
using Tender.Server.Members;

namespace Tender.Tests.Server.Hosting;

/// <summary>What every endpoint refuses in the same way, shown on endpoints of the test's own behind the real pipeline.</summary>
public sealed class BadInputTests(BadInputTests.Served served) : IClassFixture<BadInputTests.Served>
{
    private static readonly byte[] Chunk = [.. Enumerable.Repeat((byte)' ', 64 * 1024)];
    private readonly RunningTender tender = served.Tender;

    public sealed record Order(
        string ProductId, int Quantity, string? Note, IReadOnlyList<Line> Lines, string Currency = "usd", Dictionary<string, string>? Metadata = null);

    public sealed record Line(string Name, long Amount);

    [Theory]
    [InlineData("""{"productId":"p","quantity":1,"lines":[{"name":"n"}]}""", "lines[0].amount", "is required")]
    [InlineData("""{"quantity":1,"lines":[]}""", "productId", "is required")]
    [InlineData("""{"productId":null,"quantity":1,"lines":[]}""", "productId", "must not be null")]
    [InlineData("""{"productId":"p","quantity":"1","lines":[]}""", "quantity", "must be a number")]
    [InlineData("""{"productId":"p","quantity":1.5,"lines":[]}""", "quantity", "must be a whole number that fits")]
    [InlineData("""{"productId":"p","quantity":99999999999,"lines":[]}""", "quantity", "must be a whole number that fits")]
    [InlineData("""{"productId":["p"],"quantity":1,"lines":[]}""", "productId", "must be text")]
    [InlineData("""{"productId":"p","quantity":1,"lines":{}}""", "lines", "must be a list")]
    [InlineData("""{"productId":"p","quantity":1,"lines":[],"note":7}""", "note", "must be text")]
    [InlineData("""{"productId":"p","quantity":1,"quantity":2,"lines":[]}""", "quantity", "is given twice")]
    [InlineData("""{"productId":"p","quantity":1,"lines":[],"metadata":[]}""", "metadata", "must be an object")]
    [InlineData("""{"productId":"p","quantity":1,"lines":[],"metadata":{"a":["1"]}}""", "metadata.a", "must be text")]
    [InlineData("""{"productId":"p","quantity":1,"lines":[],"metadata":{"a":"1","a":"2"}}""", "metadata.a", "is given twice")]
    [InlineData("""{"productId":"p","quantity":1,"lines":[],"note":"\ud800"}""", "note", "must not hold half a character")]
    [InlineData("""{"productId":"\udc00","quantity":1,"lines":[]}""", "productId", "must not hold half a character")]
    [InlineData("""{"productId":"p","quantity":1,"lines":[],"metadata":{"\ud800":"1"}}""", "metadata", "must not hold half a character")]
    public async Task A_wrong_field_is_named(string body, string field, string why)
    {
        var (status, problem) = await tender.SendAsync(HttpMethod.Post, "/api/test/orders", Json(body));

        status.ShouldBe(400);
        problem.GetProperty("code").GetString().ShouldBe("invalid_request");
        problem.GetProperty("errors").GetProperty(field)[0].GetString().ShouldBe(why);
    }

    [Fact]
    public async Task All_missing_fields_are_named_at_once()
    {
        var (_, problem) = await tender.SendAsync(HttpMethod.Post, "/api/test/orders", Json("{}"));

        problem.GetProperty("errors").EnumerateObject().Select(error => error.Name).ShouldBe(["productId", "quantity", "lines"], ignoreOrder: true);
    }

    [Fact]
    public async Task What_may_be_left_out_may_be_left_out_and_ids_may_be_numbers()
    {
        var (status, order) = await tender.SendAsync(HttpMethod.Post, "/api/test/orders", Json("""{"productId":42,"quantity":1,"lines":[],"unknown":true}"""));

        status.ShouldBe(200);
        order.GetProperty("productId").GetString().ShouldBe("42");
        order.GetProperty("currency").GetString().ShouldBe("usd");
    }

    [Theory]
    [InlineData("""{"productId":"p",""", 1, 17)]
    [InlineData("{\n  quantity: 1 }", 2, 3)]
    public async Task Broken_JSON_names_the_place(string body, int line, int position)
    {
        var (status, problem) = await tender.SendAsync(HttpMethod.Post, "/api/test/orders", Json(body));

        status.ShouldBe(400);
        problem.GetProperty("code").GetString().ShouldBe("malformed_json");
        (problem.GetProperty("line").GetInt32(), problem.GetProperty("position").GetInt32()).ShouldBe((line, position));
    }

    [Fact]
    public async Task Nothing_at_all_too_deep_too_large_or_of_another_type_is_refused()
    {
        (await Refused(Json(""))).ShouldBe((400, "body_required"));
        (await Refused(Json($"{{\"deep\":{new string('[', 40)}"))).ShouldBe((400, "malformed_json"));
        (await Refused(Json("[]"))).ShouldBe((400, "invalid_request"));
        (await Refused(Json($"{{\"productId\":\"{new string('x', 1_000_001)}\"}}"))).ShouldBe((413, "body_too_large"));
        (await Refused(new StringContent("quantity=1", MediaTypeHeaderValue.Parse("application/x-www-form-urlencoded")))).ShouldBe((415, "unsupported_media_type"));
        (await Refused(new ByteArrayContent([0xFF, 0xFE, 0x00]) { Headers = { ContentType = new("application/json") } })).ShouldBe((400, "malformed_json"));
    }

    [Theory]
    [InlineData(1_000_001)]
    [InlineData(8_000_000)]
    public async Task Whoever_sends_too_much_is_told_so_and_not_cut_off(int bytes)
    {
        using var client = new TcpClient { NoDelay = true };
        await client.ConnectAsync(tender.Http.BaseAddress!.Host, tender.Http.BaseAddress.Port);
        await using var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"POST /api/test/orders HTTP/1.1\r\nHost: tender\r\nContent-Type: application/json\r\nContent-Length: {bytes}\r\nConnection: close\r\n\r\n"));
        // The server has long answered before the last of it is sent.
        for (var sent = 0; sent < bytes; sent += Chunk.Length) await stream.WriteAsync(Chunk.AsMemory(0, Math.Min(Chunk.Length, bytes - sent)));

        using var reader = new StreamReader(stream, Encoding.UTF8);
        var answer = await reader.ReadToEndAsync();
        answer.ShouldStartWith("HTTP/1.1 413 ");
        answer.ShouldContain("body_too_large");
    }

    [Theory]
    [InlineData("evil.example:99999", 400)]
    [InlineData("evil.example", 404)]
    public async Task A_host_that_is_no_address_is_refused_where_a_page_would_need_it(string host, int status)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/pay/l/unheard-of");
        request.Headers.TryAddWithoutValidation("Host", host);

        using var answer = await tender.Http.SendAsync(request);

        ((int)answer.StatusCode).ShouldBe(status);
    }

    [Fact]
    public async Task Whoever_names_no_host_is_served_as_a_probe_is()
    {
        using var client = new TcpClient();
        await client.ConnectAsync(tender.Http.BaseAddress!.Host, tender.Http.BaseAddress.Port);
        await using var stream = client.GetStream();
        await stream.WriteAsync("GET /pay/l/unheard-of HTTP/1.0\r\n\r\n"u8.ToArray());

        using var reader = new StreamReader(stream, Encoding.UTF8);
        (await reader.ReadToEndAsync()).ShouldStartWith("HTTP/1.1 404 ");
    }

    [Fact]
    public async Task Addresses_and_methods_that_do_not_exist_are_problems_too()
    {
        var (missing, problem) = await tender.SendAsync(HttpMethod.Get, "/api/nothing");
        (missing, problem.GetProperty("code").GetString()).ShouldBe((404, "not_found"));

        using var response = await tender.Http.DeleteAsync("/api/test/orders");
        response.StatusCode.ShouldBe(HttpStatusCode.MethodNotAllowed);
        response.Content.Headers.Allow.ShouldBe(["GET", "POST"], ignoreOrder: true);
        response.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
    }

    [Fact]
    public async Task A_parameter_that_cannot_be_read_is_named()
    {
        var (status, problem) = await tender.SendAsync(HttpMethod.Get, "/api/test/orders?limit=many");
        (status, problem.GetProperty("errors").GetProperty("limit")[0].GetString()).ShouldBe((400, "must be a whole number that fits"));

        (_, problem) = await tender.SendAsync(HttpMethod.Get, "/api/test/orders");
        problem.GetProperty("errors").GetProperty("limit")[0].GetString().ShouldBe("is required");
    }

    [Fact]
    public async Task A_field_whose_name_holds_half_a_character_is_told_as_that()
    {
        var (status, problem) = await tender.SendAsync(HttpMethod.Post, "/api/test/orders", Json("""{"\ud800":1}"""));

        (status, problem.GetProperty("detail").GetString()).ShouldBe((400, "The body must not hold half a character."));
    }

    [Theory]
    [InlineData("Idempotency-Key:", "1 to 255 printable characters.")]
    [InlineData("Idempotency-Key: \t", "1 to 255 printable characters.")]
    [InlineData("Idempotency-Key: a\r\nIdempotency-Key: b", "is given twice")]
    [InlineData("Idempotency-Key: a\r\nIdempotency-Key:", "is given twice")]
    public async Task A_header_that_names_no_one_call_is_refused_by_name(string headers, string why)
    {
        var (status, problem) = await RawAsync($"POST /api/keyed HTTP/1.1\r\nHost: tender\r\nContent-Length: 0\r\nConnection: close\r\n{headers}\r\n\r\n");

        (status, problem.GetProperty("errors").GetProperty("Idempotency-Key")[0].GetString()).ShouldBe((400, why));
    }

    [Fact]
    public async Task A_fault_of_ours_says_so_and_nothing_of_its_inside()
    {
        var (status, problem) = await tender.SendAsync(HttpMethod.Get, "/api/fault");

        (status, problem.GetProperty("code").GetString()).ShouldBe((500, "internal_error"));
        problem.GetRawText().ShouldNotContain("secret");
    }

    [Fact]
    public async Task A_browser_that_asked_for_a_page_gets_a_page()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/nowhere");
        request.Headers.Accept.ParseAdd("text/html,application/xhtml+xml");

        using var response = await tender.Http.SendAsync(request);

        response.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        response.Content.Headers.ContentType!.MediaType.ShouldBe("text/html");
        (await response.Content.ReadAsStringAsync()).ShouldContain("There is nothing here");
    }

    [Theory]
    [InlineData("/health/live", HttpStatusCode.OK)]
    [InlineData("/nowhere", HttpStatusCode.NotFound)]
    public async Task Whatever_can_be_read_can_be_asked_for_without_its_body(string path, HttpStatusCode status)
    {
        using var request = new HttpRequestMessage(HttpMethod.Head, path);
        using var response = await tender.Http.SendAsync(request);

        response.StatusCode.ShouldBe(status);
        (await response.Content.ReadAsByteArrayAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Every_answer_carries_the_headers_that_protect_its_reader()
    {
        using var response = await tender.Http.GetAsync(new Uri("/api/nothing", UriKind.Relative));

        var policy = response.Headers.GetValues("Content-Security-Policy").Single();
        policy.ShouldContain("frame-ancestors 'none'");
        policy.ShouldContain("default-src 'none'");
        policy.ShouldNotContain("unsafe-inline");
        response.Headers.GetValues("X-Content-Type-Options").Single().ShouldBe("nosniff");
        response.Headers.GetValues("Referrer-Policy").Single().ShouldBe("same-origin");
        response.Headers.Contains("Server").ShouldBeFalse();
    }

    // As it stands, byte for byte: a client of .NET would put it in order first.
    private async Task<(int Status, JsonElement Problem)> RawAsync(string request)
    {
        using var client = new TcpClient { NoDelay = true };
        await client.ConnectAsync(tender.Http.BaseAddress!.Host, tender.Http.BaseAddress.Port);
        await using var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(request));
        using var reader = new StreamReader(stream, Encoding.UTF8);
        var answer = await reader.ReadToEndAsync();
        var (from, to) = (answer.IndexOf('{', StringComparison.Ordinal), answer.LastIndexOf('}'));
        from.ShouldBeGreaterThan(0, answer);
        return (int.Parse(answer.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture), JsonDocument.Parse(answer[from..(to + 1)]).RootElement);
    }

    private async Task<(int, string?)> Refused(HttpContent content)
    {
        var (status, problem) = await tender.SendAsync(HttpMethod.Post, "/api/test/orders", content);
        return (status, problem.GetProperty("code").GetString());
    }

    [Fact]
    public async Task The_types_for_merchants_are_text_and_no_film()
    {
        using var response = await tender.Http.GetAsync(new Uri("/tender.d.ts", UriKind.Relative));

        response.Content.Headers.ContentType!.ToString().ShouldBe("text/plain; charset=utf-8");
    }

    private static StringContent Json(string body) => new(body, Encoding.UTF8, "application/json");

    public sealed class Served : IAsyncLifetime
    {
        internal RunningTender Tender { get; private set; } = null!;

        public async Task InitializeAsync() => Tender = await RunningTender.StartAsync(routes: app =>
        {
            app.MapPost("/api/test/orders", (Order order) => Results.Json(order)).CallableBy(Callers.Public);
            app.MapGet("/api/test/orders", (int limit) => Results.Json(limit)).CallableBy(Callers.Public);
            app.MapPost("/api/keyed", () => Results.Json(1)).CallableBy(Callers.Public).TakesIdempotencyKey();
            app.MapGet("/api/fault", string () => throw new InvalidOperationException("secret detail")).CallableBy(Callers.Public);
        });

        public async Task DisposeAsync() => await Tender.DisposeAsync();
    }
}
