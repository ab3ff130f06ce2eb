using QRCoder;
using Tender.Server.Console;
using Tender.Server.Hosting;
using Tender.Server.Members;
using Tender.Server.Surfaces.Checkout;
using Tender.Server.Tenancy;

namespace Tender.Server.Surfaces.PaymentLinks;

/// <summary>What the console's buttons on a link post, and its address as a code to print.</summary>
internal static class LinkForms
{
    // Large enough for a poster: a module of 20 pixels.
    private const int ModulePixels = 20;

    public static void MapLinkForms(this IEndpointRouteBuilder app)
    {
        app.MapPost("/console/links/{id}/close", CloseAsync).CallableBy(Callers.Operator);
        app.MapPost("/console/links/{id}/open", OpenAsync).CallableBy(Callers.Operator);
        app.MapGet("/console/links/{id}/qr.svg", SvgAsync).CallableBy(Callers.Viewer);
        app.MapGet("/console/links/{id}/qr.png", PngAsync).CallableBy(Callers.Viewer);
    }

    private static Task<IResult> CloseAsync(string id, ChangePaymentLink change, TenantDb db, HttpContext context, CancellationToken cancellation) =>
        SetAsync(id, isOpen: false, "Closed. Nobody can begin to pay by it.", change, db, context, cancellation);

    private static Task<IResult> OpenAsync(string id, ChangePaymentLink change, TenantDb db, HttpContext context, CancellationToken cancellation) =>
        SetAsync(id, isOpen: true, "It is open again.", change, db, context, cancellation);

    private static async Task<IResult> SetAsync(
        string id, bool isOpen, string says, ChangePaymentLink change, TenantDb db, HttpContext context, CancellationToken cancellation) =>
        await change.RunAsync(db, id, new(IsOpen: isOpen), context.Caller(), cancellation) is ChangePaymentLink.Outcome.Changed
            ? new GoBack($"/console/links/{Uri.EscapeDataString(id)}", says)
            : new GoBack("/console/links", "There is no such link.", Failing: true);

    private static Task<IResult> SvgAsync(string id, TenantDb db, CheckoutLinks links, HttpContext context, CancellationToken cancellation) =>
        CodeAsync(id, db, links, context, code =>
        {
            using var drawing = new SvgQRCode(code);
            return Results.Text(drawing.GetGraphic(4, "#000000", "#ffffff", drawQuietZones: true, SvgQRCode.SizingMode.ViewBoxAttribute), "image/svg+xml");
        }, cancellation);

    private static Task<IResult> PngAsync(string id, TenantDb db, CheckoutLinks links, HttpContext context, CancellationToken cancellation) =>
        CodeAsync(id, db, links, context, code =>
        {
            using var drawing = new PngByteQRCode(code);
            return Results.Bytes(drawing.GetGraphic(ModulePixels), "image/png");
        }, cancellation);

    private static async Task<IResult> CodeAsync(
        string id, TenantDb db, CheckoutLinks links, HttpContext context, Func<QRCodeData, IResult> draw, CancellationToken cancellation)
    {
        if (await ReadLinks.OneAsync(db, context.Caller().Mode, id, cancellation) is not { } link) return Problem.NotFound("unknown_payment_link", "There is no such payment link.");
        using var generator = new QRCodeGenerator();
        using var code = generator.CreateQrCode(links.Shared(link.Code), QRCodeGenerator.ECCLevel.M);
        return draw(code);
    }
}
