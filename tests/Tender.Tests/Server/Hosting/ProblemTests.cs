using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Tender.Server.Hosting;

namespace Tender.Tests.Server.Hosting;

public sealed class ProblemTests
{
    [Fact]
    public async Task A_problem_is_a_document_with_a_stable_code_and_the_fields()
    {
        var (response, document) = await Write(Problem.Invalid("quantity", "must be at least 1"));

        response.StatusCode.ShouldBe(400);
        response.ContentType.ShouldBe("application/problem+json");
        document.GetProperty("code").GetString().ShouldBe("invalid_request");
        document.GetProperty("type").GetString().ShouldBe("urn:tender:problem:invalid_request");
        document.GetProperty("title").GetString().ShouldBe("Bad Request");
        document.GetProperty("status").GetInt32().ShouldBe(400);
        document.GetProperty("detail").GetString().ShouldBe("quantity: must be at least 1");
        document.GetProperty("errors").GetProperty("quantity")[0].GetString().ShouldBe("must be at least 1");
    }

    [Fact]
    public async Task Members_of_its_own_stand_beside_the_standard_ones()
    {
        var (_, document) = await Write(Problem.PlanNeeded("pro", "Connecting a provider needs the Pro plan.").With("seats", 3));

        document.GetProperty("requiredPlan").GetString().ShouldBe("pro");
        document.GetProperty("seats").GetInt32().ShouldBe(3);
        document.TryGetProperty("errors", out _).ShouldBeFalse();
    }

    [Fact]
    public void No_member_stands_there_twice() =>
        Should.Throw<Tender.Domain.BrokenRuleException>(() => Problem.Conflict("not_paid", "It is not paid.").With("status", "open"));

    [Fact]
    public async Task What_may_be_tried_again_says_when()
    {
        var (response, _) = await Write(Problem.Unavailable("database_down", "The database does not answer."));

        response.StatusCode.ShouldBe(503);
        response.Headers.RetryAfter.ToString().ShouldBe("2");
    }

    private static async Task<(HttpResponse Response, JsonElement Document)> Write(Problem problem)
    {
        var context = new DefaultHttpContext();
        using var body = new MemoryStream();
        context.Response.Body = body;

        await problem.ExecuteAsync(context);

        using var document = JsonDocument.Parse(body.ToArray());
        return (context.Response, document.RootElement.Clone());
    }
}
