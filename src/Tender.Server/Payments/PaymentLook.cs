using System.Globalization;

namespace Tender.Server.Payments;

/// <summary>Payments as a person reads them in the console.</summary>
internal static class PaymentLook
{
    /// <summary>The one word that matters most about it: what needs a person comes before what is settled.</summary>
    public static string Of(ListPayments.Row row) =>
        row.Dispute is "open" ? "disputed" :
        row.Dispute is "lost" ? "lost" :
        row.Exception is not "none" ? row.Exception :
        row.RefundedMinor > 0 ? (row.RefundedMinor >= row.ReceivedMinor ? "refunded" : "partly_refunded") :
        row.Status;

    public static string Of(ReadPaymentDetail.PaymentRow row) => Of(new ListPayments.Row(
        row.Id, row.AmountMinor, row.Currency, row.Status, row.Exception, row.Dispute, row.ReceivedMinor, row.RefundedMinor, row.Purpose, row.Description,
        row.PayerEmail, row.PayerName, row.Provider, row.ConnectionId, row.CreatedAt, row.SucceededAt));

    /// <summary>The console's filters from the address; null when its day cannot be read, which fits no payment.</summary>
    public static ListPayments.Filter? Filter(string? status, string? provider, string? since, string? search, string? after)
    {
        DateTimeOffset? from = null;
        if (Blank(since) is { } day)
        {
            if (!DateTimeOffset.TryParse(day, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var midnight)) return null;
            from = midnight;
        }

        return new(Blank(status), Blank(provider), null, from, null, Blank(search), Blank(after));
    }

    private static string? Blank(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}
