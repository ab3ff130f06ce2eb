using Tender.Server.Events;
using Tender.Server.Fulfilment.Mail;
using Tender.Server.Hosting;
using Tender.Server.Members;
using Tender.Server.Secrets;

namespace Tender.Server.Fulfilment;

/// <summary>What the payer gets: tickets, documents, files, and the mail that brings them.</summary>
internal static class FulfilmentSlice
{
    public static IServiceCollection AddFulfilment(this IServiceCollection services) => services
        .AddSingleton<FulfilPayment>()
        .AddSingleton<CreditRefund>()
        .AddSingleton<DownloadPapers>()
        .AddConsumer<MailCustomer>()
        .AddSingleton(s => new SignedLinks(
            s.GetRequiredService<MasterKey>().Derive("signed links"), s.GetRequiredService<Settings>().FrontendUrl, s.GetRequiredService<TimeProvider>()));

    public static void MapFulfilment(this IEndpointRouteBuilder app)
    {
        const Callers callers = Callers.Public | Callers.Key | Callers.Viewer;
        var api = app.MapGroup("/api/v1").WithTags("Fulfilment");
        api.MapGet("/tickets/{id}/download", (string id, [AsParameters] DownloadPapers.Query query, DownloadPapers download, HttpContext context, CancellationToken cancellation) =>
            download.TicketsAsync(id, query, context.TryCaller(), cancellation)).CallableBy(callers);
        api.MapGet("/invoices/{id}/download", (string id, [AsParameters] DownloadPapers.Query query, DownloadPapers download, HttpContext context, CancellationToken cancellation) =>
            download.InvoiceAsync(id, query, context.TryCaller(), cancellation)).CallableBy(callers);
        api.MapGet("/downloads/{id}/download", (string id, [AsParameters] DownloadPapers.Query query, DownloadPapers download, HttpContext context, CancellationToken cancellation) =>
            download.FileAsync(id, query, context.TryCaller(), cancellation)).CallableBy(callers);
    }
}
