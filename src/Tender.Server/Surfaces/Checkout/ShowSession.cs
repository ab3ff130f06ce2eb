using Tender.Domain.Providers;
using Tender.Server.Fulfilment;
using Tender.Server.Payments;
using Tender.Server.Tenancy;

namespace Tender.Server.Surfaces.Checkout;

/// <summary>What the hosted page shows of a session. Its address is the proof: the id's random part is unguessable.</summary>
internal sealed class ShowSession(TenantDatabases tenants, AskNow ask, SignedLinks links, TimeProvider time)
{
    // The address may be passed on later; the mail has the links for good.
    private static readonly TimeSpan PapersShownFor = TimeSpan.FromHours(1);

    /// <param name="cameBack">The payer returns from a provider's own page: then the provider is asked, whatever the address says.</param>
    public async Task<Shown?> RunAsync(string sessionId, bool cameBack, CancellationToken cancellation)
    {
        if (await tenants.ForIdAsync(sessionId, cancellation) is not { } db) return null;
        if (await ReadSession.RunAsync(db, sessionId, cancellation) is not { } state) return null;

        var isCertain = true;
        if (StoredAction.Read(state.Action) is PayerAction.Redirect && (cameBack || state.Status is "processing"))
        {
            (var payment, isCertain) = await ask.RunAsync(db, state.Payment, cancellation);
            state = state with { Payment = payment };
        }

        var given = state.Status is "paid" ? await ReadFulfilment.RunAsync(db, state.Session.PaymentId, cancellation) : null;
        return new(state.Session.SellerName, state, isCertain, given, await PapersAsync(db, state, given, cancellation));
    }

    private async Task<IReadOnlyList<Paper>> PapersAsync(TenantDb db, SessionState state, Given? given, CancellationToken cancellation)
    {
        if (given is null or { IsRevoked: true }) return [];
        var paidAt = await db.QuerySingleOrDefaultAsync<DateTimeOffset?>("select succeeded_at from payments where id = @PaymentId", new { state.Session.PaymentId }, cancellation);
        if (paidAt is null || time.GetUtcNow() - paidAt > PapersShownFor) return [];

        var papers = new List<Paper>();
        if (given.TicketIds.Count > 0) papers.Add(new(given.TicketIds.Count is 1 ? "Your ticket" : $"Your {given.TicketIds.Count} tickets", links.Ticket(given.TicketIds[0])));
        papers.AddRange(given.DownloadIds.Select(id => new Paper(state.Session.ProductName, links.Download(id))));
        if (given.InvoiceId is { } invoice) papers.Add(new("Invoice", links.Invoice(invoice)));
        return papers;
    }

    /// <param name="IsCertain">False when the provider was asked and gave no answer.</param>
    /// <param name="Given">Null until it is paid.</param>
    internal sealed record Shown(string Merchant, SessionState State, bool IsCertain, Given? Given, IReadOnlyList<Paper> Papers)
    {
        public PayerAction? Action => StoredAction.Read(State.Action);

        /// <summary>Enough to know one's own address by, too little to learn somebody else's.</summary>
        public string MaskedEmail => State.Session.CustomerEmail.Split('@', 2) is [{ Length: > 0 } name, var host] ? $"{name[0]}•••@{host}" : "you";
    }

    internal sealed record Paper(string Name, string Href);
}
