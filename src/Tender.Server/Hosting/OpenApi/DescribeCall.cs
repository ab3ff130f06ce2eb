using System.Globalization;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using Tender.Server.Members;

namespace Tender.Server.Hosting.OpenApi;

/// <summary>Says of each operation what its route's own rules say: who may call it, which headers it takes, how it can refuse.</summary>
internal sealed class DescribeCall : IOpenApiOperationTransformer
{
    private const int LimitMax = 100;

    public Task TransformAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var route = context.Description.ActionDescriptor.EndpointMetadata;
        var (path, method) = ($"/{context.Description.RelativePath}", context.Description.HttpMethod);
        var rule = Of<CallerRule>(route) ?? throw new Domain.BrokenRuleException($"{method} {path} names no callers");
        operation.OperationId = Of<ApiCall>(route)?.OperationId ?? throw new Domain.BrokenRuleException($"{method} {path} says no Answers");
        operation.Security = CallerSchemes.Of(rule.Serves, context.Document!);
        if (Of<ApiRawBody>(route) is { } raw) operation.RequestBody = RawBody(raw);
        DescribeParameters(operation);
        if (Of<IdempotencyKeyTaken>(route) is not null) AddIdempotencyKey(operation);
        if (rule.Serves.HasFlag(Callers.User | Callers.Key) || Of<NarrowedToUser>(route) is not null) AddActingUser(operation);
        foreach (var status in Problems(operation, route, rule, path)) operation.Responses![status.ToString(CultureInfo.InvariantCulture)] = ProblemAnswers.Reference(status, context.Document!);
        return Task.CompletedTask;
    }

    private static T? Of<T>(IList<object> route)
        where T : class => route.OfType<T>().LastOrDefault();

    private static SortedSet<int> Problems(OpenApiOperation operation, IList<object> route, CallerRule rule, string path)
    {
        var takesJson = Of<IAcceptsMetadata>(route) is not null;
        var statuses = new SortedSet<int>(Of<ApiProblems>(route)?.Statuses ?? []);
        if (takesJson || operation.Parameters is { Count: > 0 } parameters && parameters.Any(p => p.In is not ParameterLocation.Path)) statuses.Add(StatusCodes.Status400BadRequest);
        if (rule.Serves is not Callers.Public) statuses.UnionWith([StatusCodes.Status401Unauthorized, StatusCodes.Status403Forbidden]);
        if (path.Contains('{', StringComparison.Ordinal)) statuses.Add(StatusCodes.Status404NotFound);
        if (Of<IdempotencyKeyTaken>(route) is not null) statuses.UnionWith([StatusCodes.Status409Conflict, StatusCodes.Status422UnprocessableEntity]);
        if (takesJson) statuses.UnionWith([StatusCodes.Status413PayloadTooLarge, StatusCodes.Status415UnsupportedMediaType]);
        if (Of<ApiRawBody>(route) is not null) statuses.Add(StatusCodes.Status413PayloadTooLarge);
        if (Of<NotLimited>(route) is null) statuses.Add(StatusCodes.Status429TooManyRequests);
        if (path is not "/health/live") statuses.Add(StatusCodes.Status503ServiceUnavailable);
        return statuses;
    }

    private static void DescribeParameters(OpenApiOperation operation)
    {
        foreach (var parameter in operation.Parameters?.OfType<OpenApiParameter>() ?? [])
        {
            parameter.Name = System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(parameter.Name!);
            if (parameter is not { Name: "limit", Schema: OpenApiSchema schema }) continue;
            schema.Minimum = "1";
            schema.Maximum = $"{LimitMax}";
        }
    }

    private static void AddIdempotencyKey(OpenApiOperation operation) => AddHeader(
        operation, "Idempotency-Key", "Makes it safe to send the call again: for 24 hours the same key with the same body gives the same answer.", Idempotency.KeyCharsMax);

    private static void AddActingUser(OpenApiOperation operation) => AddHeader(
        operation, RecogniseCaller.ActingUser, "With a tenant's API key: the application's own id of the user that the call is for. A user's token says it by itself.", VerifyUserToken.UserCharsMax);

    private static void AddHeader(OpenApiOperation operation, string name, string says, int charsMax)
    {
        operation.Parameters ??= [];
        operation.Parameters.Add(new OpenApiParameter
        {
            Name = name,
            In = ParameterLocation.Header,
            Description = says,
            Schema = new OpenApiSchema { Type = JsonSchemaType.String, MinLength = 1, MaxLength = charsMax },
        });
    }

    private static OpenApiRequestBody RawBody(ApiRawBody raw) => new()
    {
        Description = raw.Says,
        Required = true,
        Content = new Dictionary<string, OpenApiMediaType>(StringComparer.Ordinal) { ["application/json"] = new() { Schema = new OpenApiSchema() } },
    };
}
