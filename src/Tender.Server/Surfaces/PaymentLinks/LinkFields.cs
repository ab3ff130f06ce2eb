using System.Globalization;
using Tender.Server.Hosting;
using Tender.Server.Products;

namespace Tender.Server.Surfaces.PaymentLinks;

/// <summary>A link as the console's forms show it and send it back. What is allowed stands on <see cref="CreatePaymentLink.Request"/> and in <see cref="LinkRules"/>.</summary>
/// <param name="Product">A product's id, a colon and one of its currencies.</param>
/// <param name="Suggested">One sum in a line.</param>
/// <param name="EndsAt">In UTC, as a browser's field writes it.</param>
public sealed record LinkFields(
    string Kind, string Title, string Description, string Product, string Quantity, string QuantityMax, string Currency, string Amount, string AmountMin, string AmountMax, string Suggested,
    string Limit, string EndsAt)
{
    private const string MinuteFormat = "yyyy-MM-dd'T'HH:mm";

    /// <summary>Before anything was typed.</summary>
    internal static LinkFields New(string kind, string product, string currency) => new(kind, "", "", product, "1", "", currency.ToUpperInvariant(), "", "", "", "", "", "");

    /// <summary>What of a link can be changed.</summary>
    internal static LinkFields Of(PaymentLink link) => New(link.Kind, "", link.Currency) with
    {
        Title = link.Title,
        Description = link.Description,
        Limit = link.Limit?.ToString(CultureInfo.InvariantCulture) ?? "",
        EndsAt = link.ExpiresAt?.UtcDateTime.ToString(MinuteFormat, CultureInfo.InvariantCulture) ?? "",
    };

    internal static LinkFields From(IFormCollection form, string kind)
    {
        string Of(string name) => form[name].ToString().Trim();
        return new(
            kind, Of("title"), Of("description"), Of("product"), Of("quantity"), Of("quantityMax"), Of("currency"), Of("amount"), Of("amountMin"), Of("amountMax"), Of("suggestedAmounts"),
            Of("limit"), Of("expiresAt"));
    }

    /// <summary>What the use case takes; and, by field, what is wrong.</summary>
    internal (CreatePaymentLink.Request Request, Dictionary<string, string> Wrong) ReadNew()
    {
        var wrong = NothingWrong();
        var request = new CreatePaymentLink.Request(Title, Kind, Description, Limit: Whole("limit", Limit, wrong), ExpiresAt: End(wrong));
        if (Kind is PaymentLink.Product)
        {
            var (quantity, most) = (Whole("quantity", Quantity, wrong), Whole("quantityMax", QuantityMax, wrong));
            var sold = Product.Split(':', 2);
            request = request with { ProductId = sold[0], Currency = sold.Length > 1 ? sold[1] : null, Quantity = most is null ? quantity : null, QuantityMax = most };
        }
        else
        {
            request = request with
            {
                Currency = Currency,
                Amount = Kind is PaymentLink.Amount ? Sum("amount", Amount, wrong) : null,
                AmountMin = Sum("amountMin", AmountMin, wrong),
                AmountMax = Sum("amountMax", AmountMax, wrong),
                SuggestedAmounts = [.. Suggested.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(line => Sum("suggestedAmounts", line, wrong) ?? 0)],
            };
        }

        Hold(request, wrong);
        return (request, wrong);
    }

    /// <summary>The same for a change: what is empty is taken away.</summary>
    internal (ChangePaymentLink.Request Request, Dictionary<string, string> Wrong) ReadChange(PaymentLink before)
    {
        var wrong = NothingWrong();
        var end = EndsAt == Of(before).EndsAt ? before.ExpiresAt : End(wrong);
        var limit = Whole("limit", Limit, wrong);
        // An end that is over may stay as it is while something else is changed.
        var request = new ChangePaymentLink.Request(Title, Description, limit, limit is null, end == before.ExpiresAt ? null : end, end is null);
        Hold(request, wrong);
        return (request, wrong);
    }

    private static Dictionary<string, string> NothingWrong() => new(StringComparer.OrdinalIgnoreCase);

    // What could not be read is said as it was typed, not as the nothing that was read of it.
    private void Hold(object request, Dictionary<string, string> wrong)
    {
        var unread = wrong.ToList();
        CheckRequest.Into(wrong, request);
        foreach (var (field, why) in unread) wrong[field] = why;
        if (Title.Length is 0) wrong["title"] = "Give it a title.";
    }

    private static int? Whole(string field, string typed, Dictionary<string, string> wrong)
    {
        if (typed.Length is 0) return null;
        if (int.TryParse(typed, NumberStyles.None, CultureInfo.InvariantCulture, out var number)) return number;
        wrong[field] = "Write a whole number, or nothing.";
        return null;
    }

    private long? Sum(string field, string typed, Dictionary<string, string> wrong)
    {
        if (typed.Length is 0) return null;
        var sum = WrittenSum.Read(typed, WrittenSum.UnitOf(Currency.ToLowerInvariant()));
        if (sum is { Minor: > 0 and <= SumAttribute.Max }) return sum.Value.Minor;
        wrong[field] = sum is { Minor: var minor }
            ? minor is 0 ? "Write a sum above 0." : "That is more than a link can ask for."
            : $"“{typed}” is no sum. Write a number, like 20.00, with no more decimals than the currency has.";
        return null;
    }

    private DateTimeOffset? End(Dictionary<string, string> wrong)
    {
        if (EndsAt.Length is 0) return null;
        if (DateTimeOffset.TryParse(EndsAt, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var end)) return end;
        wrong["expiresAt"] = "Write a day and a time, like 2027-01-31T18:00.";
        return null;
    }
}
