using Microsoft.AspNetCore.Http.Features;

namespace Tender.Server.Hosting;

/// <summary>
/// Refuses a body of more than <see cref="HostingSlice.BodyBytesMax"/>. One that says its length is refused unread, and Kestrel takes in what is on
/// its way meanwhile: closed at once, the connection would often be reset before the sender has read why.
/// </summary>
internal sealed class RefuseLargeBodies(RequestDelegate next)
{
    /// <summary>So much of a body that is refused is still taken in.</summary>
    public const int TakenInMax = 10 * HostingSlice.BodyBytesMax;

    public Task InvokeAsync(HttpContext context)
    {
        if (context.Request.ContentLength > HostingSlice.BodyBytesMax)
        {
            context.Response.StatusCode = StatusCodes.Status413PayloadTooLarge;
            return BadRequests.Explain(context).ExecuteAsync(context);
        }

        // A body that does not say its length is counted as it comes.
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } counted) counted.MaxRequestBodySize = HostingSlice.BodyBytesMax;
        return next(context);
    }
}
