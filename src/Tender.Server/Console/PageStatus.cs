namespace Tender.Server.Console;

/// <summary>A page's status, said so that its body is still rendered: Razor leaves a page out once the response says 404.</summary>
internal static class PageStatus
{
    public static void AnswerNotFound(this HttpContext http) => http.AnswerWith(StatusCodes.Status404NotFound);

    public static void AnswerWith(this HttpContext http, int status) => http.Response.OnStarting(() =>
    {
        http.Response.StatusCode = status;
        return Task.CompletedTask;
    });
}
