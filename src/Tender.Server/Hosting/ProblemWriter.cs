using System.Text.Json;

namespace Tender.Server.Hosting;

/// <summary>Writes what the framework's own validation and filters report in the same form as every other problem.</summary>
internal sealed class ProblemWriter : IProblemDetailsWriter
{
    public bool CanWrite(ProblemDetailsContext context) => true;

    public async ValueTask WriteAsync(ProblemDetailsContext context)
    {
        var problem = context.ProblemDetails is HttpValidationProblemDetails validation
            ? Problem.Invalid(validation.Errors.ToDictionary(error => FieldOf(error.Key), error => error.Value.Select(RuleWords.Of).ToArray(), StringComparer.Ordinal))
            : Problem.Of(context.HttpContext.Response.StatusCode, "bad_request", context.ProblemDetails.Detail ?? "The request cannot be served.");
        await problem.ExecuteAsync(context.HttpContext);
    }

    // "Claims[2].ItemNumber" is claims[2].itemNumber in the JSON.
    private static string FieldOf(string member) => string.Join('.', member.Split('.').Select(JsonNamingPolicy.CamelCase.ConvertName));
}
