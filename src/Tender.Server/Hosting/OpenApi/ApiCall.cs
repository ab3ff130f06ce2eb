namespace Tender.Server.Hosting.OpenApi;

/// <summary>What the API's description says of a route beyond what its handler shows.</summary>
/// <param name="OperationId">Its name in generated clients; never changed once published.</param>
internal sealed record ApiCall(string OperationId);

/// <summary>Problems of a route's own, beside those that every route of its kind can answer.</summary>
internal sealed record ApiProblems(IReadOnlyList<int> Statuses);

/// <summary>A body that its handler reads as raw bytes.</summary>
internal sealed record ApiRawBody(string Says);

/// <summary>Says what routes answer. Stands beside CallableBy; summary and description are the handler's doc comment.</summary>
internal static class ApiAnswers
{
    /// <summary>The answer when all is well, as JSON of this type.</summary>
    /// <param name="operationId">Verb and noun.</param>
    public static RouteHandlerBuilder Answers<T>(this RouteHandlerBuilder route, string operationId, int status = StatusCodes.Status200OK) =>
        route.WithMetadata(new ApiCall(operationId)).Produces<T>(status);

    /// <summary>An answer without a body.</summary>
    public static RouteHandlerBuilder Answers(this RouteHandlerBuilder route, string operationId, int status) =>
        route.WithMetadata(new ApiCall(operationId)).Produces(status);

    /// <summary>An answer that is a file.</summary>
    public static RouteHandlerBuilder AnswersFile(this RouteHandlerBuilder route, string operationId, string contentType) =>
        route.WithMetadata(new ApiCall(operationId)).Produces<Stream>(StatusCodes.Status200OK, contentType);

    /// <summary>A second answer when all is well.</summary>
    public static RouteHandlerBuilder OrAnswers<T>(this RouteHandlerBuilder route, int status) => route.Produces<T>(status);

    /// <summary>Problems of its own: its 409s, 422s, 502s.</summary>
    public static RouteHandlerBuilder Refuses(this RouteHandlerBuilder route, params int[] statuses) => route.WithMetadata(new ApiProblems(statuses));

    /// <summary>It reads its body as bytes.</summary>
    public static RouteHandlerBuilder TakesRaw(this RouteHandlerBuilder route, string says) => route.WithMetadata(new ApiRawBody(says));
}
