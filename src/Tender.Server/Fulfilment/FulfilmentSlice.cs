using Tender.Server.Events;
using Tender.Server.Fulfilment.Mail;
using Tender.Server.Fulfilment.Messages;
using Tender.Server.Hosting;
using Tender.Server.Hosting.OpenApi;
using Tender.Server.Members;
using Tender.Server.Secrets;

namespace Tender.Server.Fulfilment;

/// <summary>What the payer gets: tickets, documents, files, and the mail that brings them.</summary>
internal static class FulfilmentSlice
{
    private const string Pdf = "application/pdf";

    public static IServiceCollection AddFulfilment(this IServiceCollection services) => services
        .AddSingleton<FulfilPayment>()
        .AddSingleton<CreditRefund>()
        .AddSingleton<DownloadPapers>()
        .AddConsumer<MailCustomer>()
        .AddSingleton(ListMessages.Forgotten)
        .AddSingleton(s => new SignedLinks(
            s.GetRequiredService<MasterKey>().Derive("signed links"), s.GetRequiredService<Settings>().FrontendUrl, s.GetRequiredService<TimeProvider>()));

    public static void MapFulfilment(this IEndpointRouteBuilder app)
    {
        const Callers callers = Callers.Public | Callers.Key | Callers.Viewer;
        var api = app.MapGroup("/api/v1").WithTags("Fulfilment");
        api.MapGet("/tickets/{id}/download", TicketsAsync).CallableBy(callers).AnswersFile("downloadTickets", Pdf).Refuses(410);
        api.MapGet("/invoices/{id}/download", InvoiceAsync).CallableBy(callers).AnswersFile("downloadInvoice", Pdf).Refuses(410);
        api.MapGet("/downloads/{id}/download", FileAsync).CallableBy(callers).Answers("downloadFile", 302).Refuses(410);
    }

    /// <summary>Downloads tickets as a PDF.</summary>
    /// <remarks>All tickets of the payment, a page each. For holders of a signed link, and for the tenant's own callers; those may ask for this one alone with single=true.</remarks>
    public static Task<IResult> TicketsAsync(
        string id, [AsParameters] DownloadPapers.Query query, DownloadPapers download, HttpContext context, CancellationToken cancellation) =>
        download.TicketsAsync(id, query, context.TryCaller(), cancellation);

    /// <summary>Downloads an invoice or a credit note as a PDF.</summary>
    /// <remarks>For holders of a signed link, and for the tenant's own callers.</remarks>
    public static Task<IResult> InvoiceAsync(
        string id, [AsParameters] DownloadPapers.Query query, DownloadPapers download, HttpContext context, CancellationToken cancellation) =>
        download.InvoiceAsync(id, query, context.TryCaller(), cancellation);

    /// <summary>Leads to a file that was bought.</summary>
    /// <remarks>Redirects to where the seller keeps it. For holders of a signed link, and for the tenant's own callers.</remarks>
    public static Task<IResult> FileAsync(
        string id, [AsParameters] DownloadPapers.Query query, DownloadPapers download, HttpContext context, CancellationToken cancellation) =>
        download.FileAsync(id, query, context.TryCaller(), cancellation);
}
