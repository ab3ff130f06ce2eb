using System.Globalization;
using Tender.Server.Sellers;
using Tender.Server.Tenancy;

namespace Tender.Server.Surfaces.PaymentLinks;

/// <summary>A link by what stands in its address. The code names its tenant, so that one database is asked, and none for what is no code.</summary>
internal sealed class FindLink(TenantDatabases tenants, TimeProvider time)
{
    /// <summary>Null when there is no such link.</summary>
    public async Task<Found?> RunAsync(string typed, CancellationToken cancellation)
    {
        if (LinkCode.Read(typed) is not { } code || await tenants.FindAsync(LinkCode.TenantOf(code), cancellation) is not { } db) return null;
        if (await ReadLinks.ByCodeAsync(db, code, cancellation) is not { } link) return null;
        return new(db, link, await ReadSeller.NameAsync(db, cancellation), Stopped(link, time.GetUtcNow()));
    }

    private static Stop? Stopped(PaymentLink link, DateTimeOffset now) => link.StatusAt(now) switch
    {
        "closed" => new(410, "This link is closed", "The seller takes no more payments by it."),
        "expired" => new(410, "This link has ended", string.Create(CultureInfo.InvariantCulture, $"It could be paid until {link.ExpiresAt:d MMMM yyyy, HH:mm} UTC.")),
        "paid_out" => new(410, "This link is used up", link.Limit is 1 ? "It was to be paid once, and it is paid." : "It was paid as often as it may be."),
        "off_sale" => new(410, "This is not sold any more", "Ask the seller for another link."),
        _ when link.Taken >= link.Limit => Stop.Held,
        _ when link.Stock < (link.QuantityMax is null ? link.Quantity : 1) => Stop.SoldOut,
        _ => null,
    };

    /// <param name="Why">Why nobody can pay by it now; null when they can.</param>
    internal sealed record Found(TenantDb Db, PaymentLink Link, string Merchant, Stop? Why);

    /// <summary>What the page says instead of a form.</summary>
    /// <param name="Status">410 for good; 409 when it may pass.</param>
    internal sealed record Stop(int Status, string Title, string Says)
    {
        /// <summary>Each place is with somebody who is paying.</summary>
        public static readonly Stop Held = new(409, "Somebody is paying right now", "Every place of this link is taken, and not all are paid. What is not paid is free again within two hours: come back then.");

        /// <summary>Of its product none is left.</summary>
        public static readonly Stop SoldOut = new(409, "Sold out", "None is left right now. What somebody has begun to buy and does not pay is free again within two hours.");
    }
}
