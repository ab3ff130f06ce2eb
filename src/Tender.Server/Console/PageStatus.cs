namespace Tender.Server.Console;

/// <summary>A page's status, said so that its body is still rendered: Razor leaves a page out once the response says 404.</summary>
internal static class PageStatus
{
    public static void AnswerNotFound(this HttpContext http) => http.Response.OnStarting(() =>
    {
        http.Response.StatusCode = StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    });
}
