using System.Text.Json;
using Tender.Server.Hosting.OpenApi.Docs;

namespace Tender.Tests.Server.Hosting.OpenApi;

public sealed class ApiReferenceTests
{
    private readonly ApiReference reference = ApiReference.Of(
        JsonDocument.Parse(File.ReadAllText(Path.Combine(Repository.Root, "docs/openapi.json"))).RootElement, new("https://pay.example/"));

    [Fact]
    public void Every_call_says_who_may_and_shows_how()
    {
        foreach (var call in reference.Groups.SelectMany(group => group.Calls))
        {
            call.Callers.ShouldNotBeEmpty(call.Id);
            call.Replies.ShouldNotBeEmpty(call.Id);
            call.Example.ShouldStartWith("curl");
            call.Example.ShouldContain("\"https://pay.example/");
        }

        reference.Groups.ShouldAllBe(group => group.Calls.Count > 0);
    }

    [Fact]
    public void A_call_is_told_in_words()
    {
        var call = reference.Groups.SelectMany(group => group.Calls).Single(call => call.Id is "createCheckoutSession");

        call.Callers.ShouldBe(["API key"]);
        call.Body.Single(field => field.Name is "productId").Kind.ShouldBe("whole number or text, at most 100 characters");
        call.Body.Single(field => field.Name is "quantity").Kind.ShouldBe("whole number, at least 1, at most 1000, 1 when missing");
        call.Example.ShouldBe("""
            curl "https://pay.example/api/v1/checkout/sessions" \
              -H "Authorization: Bearer $TENDER_KEY" \
              -H "Idempotency-Key: $ORDER" \
              -H "Content-Type: application/json" \
              -d '{
              "productId": "prod_…",
              "customerEmail": "bea@example.com"
            }'
            """);
    }
}
