using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Tender.Tests.Simulators.Stripe;

namespace Tender.Tests.Server.Hosting.OpenApi;

/// <summary>Sends every route that takes JSON what it does not take; the document says which routes and fields there are.</summary>
public sealed class BadBodyTests(ApiSite site) : IClassFixture<ApiSite>, IAsyncLifetime
{
    private HttpClient shop = null!;
    private HttpClient member = null!;

    public async Task InitializeAsync()
    {
        shop = site.Open(site.Demo.ApiKey);
        member = await site.OpenAsMemberAsync();
        member.DefaultRequestHeaders.Add("Origin", member.BaseAddress!.GetLeftPart(UriPartial.Authority));
    }

    public Task DisposeAsync()
    {
        shop.Dispose();
        member.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task A_field_of_another_type_is_named()
    {
        foreach (var (body, field, schema) in Fields().Where(one => one.Schema.TryGetProperty("type", out _)))
        {
            var wrong = schema.GetProperty("type").ToString().Contains("object", StringComparison.Ordinal) ? JsonValue.Create(7) : (JsonNode)new JsonObject { ["a"] = 1 };
            await NamedAsync(body, body.With(field, wrong), field);
        }
    }

    [Fact]
    public async Task A_field_that_is_missing_is_named()
    {
        foreach (var body in Bodies())
            foreach (var field in body.Required) await NamedAsync(body, body.Without(field), field);
    }

    [Fact]
    public async Task A_text_that_is_too_long_is_named()
    {
        foreach (var (body, field, schema) in Fields().Where(one => one.Schema.TryGetProperty("maxLength", out _)))
            await NamedAsync(body, body.With(field, new string('x', schema.GetProperty("maxLength").GetInt32() + 1)), field);
    }

    [Fact]
    public async Task A_field_that_stands_there_twice_is_named()
    {
        foreach (var (body, field, _) in Fields().Where(one => one.Body.Has(one.Field)))
            await NamedAsync(body, $"{{\"{field}\":{body.Value(field)},{body.Text[1..]}", field);
    }

    [Fact]
    public async Task A_zero_character_is_refused_by_name_wherever_text_is_taken()
    {
        foreach (var (body, field, _) in Fields().Where(one => Kinds(one.Schema).Contains("string")))
            await NamedAsync(body, body.With(field, "a\0b"), field);
        foreach (var (body, field, _) in Fields().Where(one => one.Schema.TryGetProperty("additionalProperties", out _)))
        {
            await NamedAsync(body, body.With(field, new JsonObject { ["key"] = "a\0b" }), field);
            await NamedAsync(body, body.With(field, new JsonObject { ["a\0b"] = "value" }), field);
        }
    }

    [Fact]
    public async Task A_list_nothing_and_too_much_are_no_bodies()
    {
        foreach (var body in Bodies())
        {
            (await SendAsync(body, "[]")).Status.ShouldBe(400, body.ToString());
            (await SendAsync(body, "\"text\"")).Status.ShouldBe(400, body.ToString());
            (await SendAsync(body, "{")).Status.ShouldBe(400, body.ToString());
            (await SendAsync(body, $"{{\"pad\":\"{new string('x', 2_000_000)}\"}}")).Status.ShouldBe(413, body.ToString());
        }
    }

    [Fact]
    public async Task What_nobody_asked_for_is_overlooked_but_where_money_is_asked_for_or_sent_back()
    {
        Bodies().Where(body => body.IsClosed).Select(body => body.Operation.Id).ShouldBe(["createPayment", "createAccessLink", "refundPayment", "capturePayment"], ignoreOrder: true);
        foreach (var body in Bodies())
        {
            var (status, problem) = await SendAsync(body, body.With("nobodyAskedFor", "x"));
            if (body.IsClosed)
            {
                (status, problem.GetProperty("errors").TryGetProperty("nobodyAskedFor", out _)).ShouldBe((400, true), body.ToString());
                continue;
            }

            // A provider may refuse what our rules let through.
            (status is < 500 or 502).ShouldBeTrue($"{body} {problem}");
            if (status is 400) problem.GetRawText().ShouldNotContain("nobodyAskedFor", Case.Sensitive, body.ToString());
        }
    }

    [Fact]
    public async Task A_zero_character_deep_in_free_JSON_is_no_fault_of_ours()
    {
        var secretKey = await ApiSite.SealAsync(member, SimulatedStripe.SecretKey, "connections.stripe.secretKey");
        var connection = new JsonObject { ["provider"] = "stripe", ["name"] = "Zero", ["settings"] = new JsonObject { ["a"] = "\0" }, ["credentials"] = new JsonObject { ["secretKey"] = secretKey, ["publishableKey"] = SimulatedStripe.PublishableKey } };
        var create = Bodies().Single(body => body.Operation.Id is "createConnection");

        var (status, problem) = await SendAsync(create, connection.ToJsonString());

        (status, problem.GetProperty("code").GetString()).ShouldBe((400, "zero_character"));
    }

    [Fact]
    public async Task Half_a_character_is_refused_by_name()
    {
        foreach (var (body, field, _) in Fields().Where(one => Kinds(one.Schema).Contains("string")))
            await NamedAsync(body, body.With(field, "half").Replace("\"half\"", "\"\\ud800\"", StringComparison.Ordinal), field);
    }

    [Fact]
    public async Task A_zero_character_in_an_address_is_no_fault_of_ours()
    {
        foreach (var operation in site.Document.Operations.Where(operation => operation.Path.StartsWith("/api/", StringComparison.Ordinal)))
            foreach (var http in new[] { shop, member })
            {
                using var request = new HttpRequestMessage(new(operation.Method), Filled(operation.Path, "x") + "?startingAfter=a%00b&subject=a%00b&search=a%00b&status=a%00b&provider=a%00b");
                if (operation.Json.TryGetProperty("requestBody", out _)) request.Content = new StringContent("{}", Encoding.UTF8, "application/json");
                // The last one would sign the member out.
                if (operation.Id is "endSession") continue;
                using var answer = await http.SendAsync(request);
                ((int)answer.StatusCode).ShouldBeLessThan(500, operation.ToString());
            }
    }

    private IEnumerable<Body> Bodies()
    {
        var found = site.Document.Operations.Where(operation => operation.Method is "POST" or "PATCH" && operation.Json.TryGetProperty("requestBody", out _))
            .Select(operation => new Body(operation, site.Document.ResolveBody(operation.Json.GetProperty("requestBody").GetProperty("content").GetProperty("application/json").GetProperty("schema")), site.Document))
            .Where(body => body.Fields.Any()).ToList();
        found.Count.ShouldBeGreaterThanOrEqualTo(10);
        return found;
    }

    private IEnumerable<(Body Body, string Field, JsonElement Schema)> Fields() => Bodies().SelectMany(body => body.Fields.Select(field => (body, field.Name, field.Value)));

    private async Task NamedAsync(Body body, string text, string field)
    {
        var (status, problem) = await SendAsync(body, text);
        status.ShouldBe(400, $"{body} {field} {problem}");
        problem.TryGetProperty("errors", out var errors).ShouldBeTrue($"{body} {field} {problem}");
        errors.EnumerateObject().ShouldContain(error => error.Name == field || error.Name.StartsWith(field + ".", StringComparison.Ordinal) || error.Name.StartsWith(field + "[", StringComparison.Ordinal), $"{body} {field} {problem}");
    }

    private async Task<(int Status, JsonElement Problem)> SendAsync(Body body, string text)
    {
        var isForKeys = body.Operation.Json.GetProperty("security").GetRawText().Contains("apiKey", StringComparison.Ordinal);
        using var request = new HttpRequestMessage(new(body.Operation.Method), Filled(body.Operation.Path, "x")) { Content = new StringContent(text, Encoding.UTF8, "application/json") };
        // The answer to too much comes before it was sent.
        request.Headers.ExpectContinue = text.Length > 1_000_000;
        using var answer = await (isForKeys ? shop : member).SendAsync(request);
        var said = await answer.Content.ReadAsStringAsync();
        return ((int)answer.StatusCode, said.Length is 0 ? default : JsonDocument.Parse(said).RootElement);
    }

    private static string Filled(string path, string value) => System.Text.RegularExpressions.Regex.Replace(path, "\\{[^}]+\\}", value);

    private static string Kinds(JsonElement schema) => schema.TryGetProperty("type", out var type) ? type.ToString() : "";

    /// <summary>A route's body, and one that fits it.</summary>
    private sealed class Body
    {
        private readonly JsonObject sample;

        public Body(DocumentedApi.Operation operation, JsonElement schema, DocumentedApi document)
        {
            Operation = operation;
            IsClosed = schema.TryGetProperty("additionalProperties", out var more) && more.ValueKind is JsonValueKind.False;
            Fields = schema.TryGetProperty("properties", out var properties) ? [.. properties.EnumerateObject()] : [];
            Required = schema.TryGetProperty("required", out var required) ? [.. required.EnumerateArray().Select(name => name.GetString()!)] : [];
            sample = new(Fields.Where(field => field.Value.TryGetProperty("type", out _)).Select(field => KeyValuePair.Create(field.Name, (JsonNode?)Sample(field.Value, document))));
        }

        public DocumentedApi.Operation Operation { get; }

        /// <summary>The document says that it takes no member that is not listed.</summary>
        public bool IsClosed { get; }

        public IReadOnlyList<JsonProperty> Fields { get; }

        public IReadOnlyList<string> Required { get; }

        public bool Has(string field) => sample.ContainsKey(field);

        public string Text => sample.ToJsonString();

        public string Value(string field) => sample[field]?.ToJsonString() ?? "null";

        public string With(string field, JsonNode value)
        {
            var changed = sample.DeepClone().AsObject();
            changed[field] = value;
            return changed.ToJsonString();
        }

        public string Without(string field)
        {
            var changed = sample.DeepClone().AsObject();
            changed.Remove(field);
            return changed.ToJsonString();
        }

        public override string ToString() => Operation.ToString();

        private static JsonNode Sample(JsonElement schema, DocumentedApi document)
        {
            schema = document.Resolve(schema);
            if (schema.TryGetProperty("enum", out var words)) return words[0].GetString()!;
            var kinds = Kinds(schema);
            if (kinds.Contains("array", StringComparison.Ordinal)) return new JsonArray(Sample(schema.GetProperty("items"), document));
            if (kinds.Contains("object", StringComparison.Ordinal))
                return schema.TryGetProperty("properties", out var properties) ? new JsonObject(properties.EnumerateObject().Select(p => KeyValuePair.Create(p.Name, (JsonNode?)Sample(p.Value, document)))) : new JsonObject();
            if (kinds.Contains("boolean", StringComparison.Ordinal)) return false;
            if (!kinds.Contains("string", StringComparison.Ordinal)) return schema.TryGetProperty("minimum", out var least) && least.GetInt64() > 1 ? least.GetInt64() : 1;
            if (schema.TryGetProperty("pattern", out _)) return "usd";
            return schema.TryGetProperty("format", out var format) ? format.GetString() switch { "email" => "bea@example.com", "date-time" => "2099-01-01T00:00:00Z", _ => "https://shop.example/" } : "x";
        }
    }
}
