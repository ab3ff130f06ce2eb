using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Mvc;
using Tender.Server.Fulfilment.Papers;
using Tender.Server.Hosting;
using Tender.Server.Members;
using Tender.Server.Tenancy;

namespace Tender.Server.Fulfilment;

/// <summary>
/// GET /api/v1/tickets/{id}/download, /api/v1/invoices/{id}/download and /api/v1/downloads/{id}/download: for whoever holds a signed
/// link, and for the tenant's own keys and members. Papers are drawn when they are asked for; nothing is stored.
/// </summary>
internal sealed partial class DownloadPapers(TenantDatabases tenants, SignedLinks links)
{
    /// <summary>The ticket with all others of its payment, a page each; with <c>single=true</c> it alone.</summary>
    public async Task<IResult> TicketsAsync(string id, Query query, Caller? caller, CancellationToken cancellation)
    {
        var what = query.Single is "true" ? Linked.Ticket : Linked.Tickets;
        if (await RefusedAsync(what, id, query, caller, cancellation) is { } no) return no;
        if (await tenants.ForIdAsync(id, cancellation) is not { } db) return UnknownTicket();

        var tickets = what is Linked.Ticket ? await ReadPapers.TicketAsync(db, id, cancellation) : await ReadPapers.TicketsBesideAsync(db, id, cancellation);
        if (tickets.Count is 0) return UnknownTicket();
        if (tickets[0].RevokedAt is not null) return Problem.Gone("ticket_revoked", "This ticket was paid back and is no longer valid.");
        return Pdf(TicketPaper.Draw(tickets), $"{(tickets.Count is 1 ? "ticket" : "tickets")}-{tickets[0].ProductName}");
    }

    public async Task<IResult> InvoiceAsync(string id, Query query, Caller? caller, CancellationToken cancellation)
    {
        if (await RefusedAsync(Linked.Document, id, query, caller, cancellation) is { } no) return no;
        if (await tenants.ForIdAsync(id, cancellation) is not { } db || await ReadPapers.DocumentAsync(db, id, cancellation) is not { } document)
            return Problem.NotFound("unknown_invoice", "There is no such invoice.");
        return Pdf(InvoicePaper.Draw(document), document.NumberText);
    }

    /// <summary>Leads to where the seller keeps the file: Tender hands out the way, not the bytes.</summary>
    public async Task<IResult> FileAsync(string id, Query query, Caller? caller, CancellationToken cancellation)
    {
        if (await RefusedAsync(Linked.Download, id, query, caller, cancellation) is { } no) return no;
        var bought = await tenants.ForIdAsync(id, cancellation) is { } db
            ? await db.QuerySingleOrDefaultAsync<BoughtFile>("""
                select f.revoked_at, p.download_url from fulfilments f join products p on p.id = f.product_id where f.id = @id and f.kind = 'download'
                """, new { id }, cancellation)
            : null;
        return bought switch
        {
            null => Problem.NotFound("unknown_download", "There is no such download."),
            { RevokedAt: not null } => Problem.Gone("download_revoked", "This download was paid back and is no longer available."),
            { DownloadUrl: { } address } when Uri.TryCreate(address, UriKind.Absolute, out var url) && url.Scheme is "https" or "http" => Results.Redirect(url.AbsoluteUri),
            _ => Problem.NotFound("no_file_yet", "The seller has not put the file up yet. Your purchase is kept; try again later."),
        };
    }

    // A key or a member reaches its own tenant's, in its own mode; everybody else shows the signature.
    private async Task<Problem?> RefusedAsync(Linked what, string id, Query query, Caller? caller, CancellationToken cancellation)
    {
        if (query.Signature is null && query.Expires is null)
        {
            if (caller is null) return Problem.Unauthorized("unauthorized", "Use the signed link you were given, or an API key.");
            return await ModeAsync(what, id, caller, cancellation) == caller.Mode.ToWord() ? null : Problem.NotFound("unknown_id", "There is no such thing here.");
        }

        return links.Check(what, id, query.Expires, query.Signature) switch
        {
            LinkProof.Good => null,
            LinkProof.Expired => Problem.Gone("link_expired", "This link has expired. Ask the seller for a new one, or use the file in your mail."),
            _ => Problem.Forbidden("link_forged", "This link was changed or cut off; its signature does not fit."),
        };
    }

    private async Task<string?> ModeAsync(Linked what, string id, Caller caller, CancellationToken cancellation)
    {
        if ((caller.Rights & (Callers.Key | Callers.Viewer)) is Callers.None || caller.Tenant is null || Ids.TenantOf(id) != caller.Tenant || await tenants.ForIdAsync(id, cancellation) is not { } db) return null;
        return await db.QuerySingleOrDefaultAsync<string>("""
            select p.mode from payments p where p.id = case @What
              when 'Document' then (select payment_id from documents where id = @id)
              when 'Download' then (select payment_id from fulfilments where id = @id)
              else (select payment_id from tickets where id = @id) end
            """, new { id, What = what.ToString() }, cancellation);
    }

    private static Problem UnknownTicket() => Problem.NotFound("unknown_ticket", "There is no such ticket.");

    // Somebody's name is on it: no cache between us and them keeps it.
    private static IResult Pdf(byte[] bytes, string name) => new Paper(Results.File(bytes, "application/pdf", $"{FileName(name)}.pdf"));

    private sealed record Paper(IResult File) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.Headers.CacheControl = "private, no-store";
            return File.ExecuteAsync(httpContext);
        }
    }

    /// <summary>A name that every system takes as a file's.</summary>
    internal static string FileName(string name) => UnsafeInFileNames().Replace(OneLine.Of(name, lengthMax: 80), "-").Trim('-', '.') is { Length: > 0 } safe ? safe : "document";

    [GeneratedRegex("[^\\p{L}\\p{N}._-]+")]
    private static partial Regex UnsafeInFileNames();

    /// <summary>The proof in a link, and what it asks for.</summary>
    internal sealed record Query
    {
        /// <summary>Until when the link is good, in Unix seconds.</summary>
        [FromQuery(Name = "expires")]
        public string? Expires { get; init; }

        /// <summary>The link's proof.</summary>
        [FromQuery(Name = "signature")]
        public string? Signature { get; init; }

        /// <summary>true: this ticket alone.</summary>
        [FromQuery(Name = "single")]
        public string? Single { get; init; }
    }

    private sealed record BoughtFile(DateTimeOffset? RevokedAt, string? DownloadUrl);
}
