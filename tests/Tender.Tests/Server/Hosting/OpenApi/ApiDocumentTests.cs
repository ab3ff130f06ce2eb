using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Routing;
using Tender.Server.Commands;
using Tender.Server.Hosting;
using Tender.Server.Members;

namespace Tender.Tests.Server.Hosting.OpenApi;

/// <summary>The document against the server's own table of routes.</summary>
public sealed class ApiDocumentTests(ApiSite site) : IClassFixture<ApiSite>
{
    private readonly IReadOnlyList<DocumentedApi.Operation> operations = site.Document.Operations;

    [Fact]
    public async Task The_committed_document_is_what_the_server_says()
    {
        var made = Encoding.UTF8.GetString(await ShowApi.MakeAsync(CancellationToken.None));
        var kept = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "docs/openapi.json"));

        (made == kept).ShouldBeTrue("docs/openapi.json is old. Renew it: dotnet run --project src/Tender.Server -- openapi > docs/openapi.json");
        using var http = new HttpClient { BaseAddress = new(site.Demo.BaseUrl) };
        (await http.GetStringAsync("/openapi/v1.json")).ShouldBe(made);
    }

    [Fact]
    public async Task Who_has_it_already_is_told_so()
    {
        using var http = new HttpClient { BaseAddress = new(site.Demo.BaseUrl) };
        using var first = await http.GetAsync("/openapi/v1.json");
        using var ask = new HttpRequestMessage(HttpMethod.Get, "/openapi/v1.json");
        ask.Headers.IfNoneMatch.Add(first.Headers.ETag!);

        (await http.SendAsync(ask)).StatusCode.ShouldBe(HttpStatusCode.NotModified);
    }

    [Fact]
    public void Every_route_of_the_API_is_described_and_no_other()
    {
        var routes = site.Routes.SelectMany(Described).Where(route => route.Contains(" /api/", StringComparison.Ordinal) || route.Contains(" /health/", StringComparison.Ordinal));

        operations.Select(operation => operation.ToString()).ShouldBe(routes, ignoreOrder: true);
        operations.Count.ShouldBeGreaterThan(30);
        operations.Select(operation => operation.Id).ShouldBeUnique();
    }

    [Fact]
    public void Every_operation_says_what_it_does_and_what_it_answers()
    {
        foreach (var operation in operations)
        {
            operation.Json.GetProperty("summary").GetString().ShouldEndWith(".", customMessage: operation.Id);
            operation.Json.GetProperty("description").GetString()!.Length.ShouldBeGreaterThan(5, operation.Id);
            operation.Json.GetProperty("tags").GetArrayLength().ShouldBe(1, operation.Id);
            var well = operation.Json.GetProperty("responses").EnumerateObject().Where(answer => answer.Name[0] is '2' or '3').ToList();
            well.ShouldNotBeEmpty(operation.Id);
            foreach (var answer in well.Where(answer => answer.Name is "200" or "201")) answer.Value.GetProperty("content").EnumerateObject().ShouldNotBeEmpty(operation.Id);
        }
    }

    [Fact]
    public void Security_is_the_rule_of_the_route()
    {
        var seen = 0;
        foreach (var route in site.Routes)
        {
            var rule = CallerRule.Of(route)!.Serves;
            foreach (var operation in operations.Where(operation => Described(route).Contains(operation.ToString())))
            {
                var said = operation.Json.GetProperty("security").EnumerateArray().Aggregate(Callers.None, (callers, requirement) => callers | CallersOf(requirement));
                said.ShouldBe(rule, operation.Id);
                seen++;
            }
        }

        seen.ShouldBe(operations.Count);
    }

    [Fact]
    public void The_header_that_makes_repeating_safe_is_named_where_it_is_taken()
    {
        foreach (var route in site.Routes)
            foreach (var operation in operations.Where(operation => Described(route).Contains(operation.ToString())))
            {
                var named = operation.Json.TryGetProperty("parameters", out var parameters) && parameters.EnumerateArray().Any(parameter => parameter.GetProperty("name").GetString() is "Idempotency-Key");
                named.ShouldBe(route.Metadata.GetMetadata<IdempotencyKeyTaken>() is not null, operation.Id);
            }
    }

    [Fact]
    public void A_judge_that_finds_nothing_would_be_no_judge()
    {
        var api = new DocumentedApi("""
            {"paths":{},"components":{"schemas":{"A":{"type":"object","required":["id"],"properties":{"id":{"type":"string"},"at":{"type":["null","string"],"format":"date-time"},
            "kind":{"type":"string","enum":["a","b"]},"many":{"type":"array","items":{"type":"integer"}}}}}}}
            """);
        var schema = JsonDocument.Parse("""{"$ref":"#/components/schemas/A"}""").RootElement;
        string[] Faults(string json) => [.. api.Faults(schema, JsonDocument.Parse(json).RootElement, "$")];

        Faults("""{"id":"x","at":null,"kind":"a","many":[1]}""").ShouldBeEmpty();
        Faults("""{"id":1,"at":"soon","kind":"c","many":[1.5],"more":true}""").Length.ShouldBe(5);
        Faults("{}").ShouldBe(["$.id is missing"]);
        Faults("[]").Length.ShouldBe(1);
    }

    private static IEnumerable<string> Described(RouteEndpoint route) =>
        (route.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["GET"]).Select(method => $"{method} /{route.RoutePattern.RawText!.Trim('/')}");

    // Written out once more, so that a slip in the server's own table is seen.
    private static Callers CallersOf(JsonElement requirement) => requirement.EnumerateObject().FirstOrDefault() switch
    {
        { Value.ValueKind: JsonValueKind.Undefined } => Callers.Public,
        { Name: "userToken" } => Callers.User,
        { Name: "apiKey", Value: var roles } => roles.GetArrayLength() is 0 ? Callers.Key : Callers.Owner,
        { Name: "session", Value: var roles } => roles[0].GetString() switch
        {
            "viewer" => Callers.Viewer,
            "operator" => Callers.Operator,
            "admin" => Callers.Admin,
            _ => Callers.Owner,
        },
        _ => Callers.None,
    };
}
