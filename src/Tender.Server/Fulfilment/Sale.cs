using Tender.Domain.Amounts;
using Tender.Domain.Providers;
using Tender.Server.Tenancy;

namespace Tender.Server.Fulfilment;

/// <summary>What was sold by one paid payment.</summary>
/// <param name="Paid">The sum that was asked for; with tax in it.</param>
/// <param name="At">When it is settled: the date of the documents.</param>
/// <param name="PaidWith">For people: Stripe.</param>
internal sealed record Sale(
    Tenant Tenant, string PaymentId, Mode Mode, Money Paid, DateTimeOffset At, string PaidWith, Buyer Buyer, IReadOnlyList<SaleLine> Lines);

/// <summary>Who gets it. Without an e-mail address nothing is sent, and no customer is kept.</summary>
internal sealed record Buyer(string? Email, string Name);

/// <summary>One product of a sale.</summary>
/// <param name="ProductId">Null for what is no product.</param>
/// <param name="Kind">ticket, download, service or api_key.</param>
internal sealed record SaleLine(string? ProductId, string ProductName, string Kind, int Quantity, Money Unit);
