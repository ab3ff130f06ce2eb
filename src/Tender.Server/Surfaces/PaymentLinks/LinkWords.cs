using System.Globalization;
using Tender.Server.Console.Parts;

namespace Tender.Server.Surfaces.PaymentLinks;

/// <summary>How a link goes, as people read it in the console.</summary>
internal static class LinkWords
{
    public static string Count(long count) => AmountText.Of(count, "", 0).Number;

    public static string PaidOf(PaymentLink link) => link.Limit is { } limit ? $"{Count(link.Paid)} of {Count(limit)}" : Count(link.Paid);

    // Cut off, not rounded: 100 % is said only when none went away.
    public static string Conversion(PaymentLink link) =>
        link.Visits is 0 ? "–" : string.Create(CultureInfo.InvariantCulture, $"{Math.Floor(1000m * link.Paid / link.Visits) / 10:0.#} %");

    /// <summary>Of the places, those that are with somebody who is paying.</summary>
    public static string Places(PaymentLink link)
    {
        var paying = Math.Max(0, link.Taken - link.Paid);
        var held = paying is 0 ? "" : $", {paying} being paid";
        return link.Limit is { } limit ? $"{PaidOf(link)} paid{held}" : $"no limit{held}";
    }

    public static string Quantity(PaymentLink link) => link.QuantityMax is { } most ? $"1 to {most}, as the payer chooses" : $"{link.Quantity}";
}
