using System.Globalization;
using Tender.Domain.Amounts;
using Tender.Server.Hosting;
using Tender.Server.Products;

namespace Tender.Server.Surfaces.PaymentLinks;

/// <summary>What a payer typed into a link's form, as they typed it.</summary>
/// <param name="Choice">A suggested sum in minor units, or other.</param>
public sealed record TypedOrder(string Email, string Name, string Quantity, string Choice, string Amount)
{
    /// <summary>The choice of a sum that nobody suggested.</summary>
    public const string Other = "other";

    private const int EmailCharsMax = 254;
    private const int NameCharsMax = 200;

    public static TypedOrder Of(PaymentLink link) => new("", "", link.Quantity.ToString(CultureInfo.InvariantCulture), link.Suggested.Length > 0 ? Minor(link.Suggested[0]) : Other, "");

    public static TypedOrder From(IFormCollection form) =>
        new(form["email"].ToString().Trim(), form["name"].ToString().Trim(), form["quantity"].ToString().Trim(), form["choice"].ToString(), form["amount"].ToString().Trim());

    public static string Minor(long minor) => minor.ToString(CultureInfo.InvariantCulture);

    /// <summary>What is wrong, by field, in the words of the page; nothing when it can be ordered.</summary>
    public (int Quantity, Money? Sum, IReadOnlyDictionary<string, string> Wrong) Read(PaymentLink link)
    {
        var wrong = new Dictionary<string, string>(StringComparer.Ordinal);
        if (Email.Length is 0 or > EmailCharsMax || MailAddresses.Plain(Email) is null) wrong["email"] = "Write an e-mail address, like bea@example.com.";
        if (Name.Length > NameCharsMax || Name.Any(char.IsControl)) wrong["name"] = $"At most {NameCharsMax} letters.";
        var quantity = ReadQuantity(link, wrong);
        var sum = link.Kind is PaymentLink.Choose ? ReadSum(link, wrong) : link.Unit;
        return (quantity, sum, wrong);
    }

    /// <summary>The same order, told from every other one.</summary>
    public byte[] Fingerprint() => System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(string.Join('\n', Email, Name, Quantity, Choice, Amount)));

    private int ReadQuantity(PaymentLink link, Dictionary<string, string> wrong)
    {
        if (link.QuantityMax is not { } max) return link.Quantity;
        if (int.TryParse(Quantity, NumberStyles.None, CultureInfo.InvariantCulture, out var quantity) && quantity >= 1 && quantity <= max) return quantity;
        wrong["quantity"] = $"Write a whole number from 1 to {max}.";
        return 1;
    }

    private Money? ReadSum(PaymentLink link, Dictionary<string, string> wrong)
    {
        var currency = Currency.Of(link.Currency);
        if (link.Suggested.FirstOrDefault(suggested => Minor(suggested) == Choice) is > 0 and var chosen) return new(chosen, currency);
        var (least, most) = (new Money(link.AmountMin ?? 1, currency), new Money(link.AmountMax ?? SumAttribute.Max, currency));
        var sum = WrittenSum.Read(Amount, WrittenSum.UnitOf(link.Currency));
        var why = sum is null ? $"Write a sum, like {WrittenSum.NumberOf(Example(least, most))}{Decimals(currency)}."
            : sum < least ? $"The least is {WrittenSum.Of(least)}."
            : sum > most ? $"The most is {WrittenSum.Of(most)}." : null;
        if (why is not null) wrong["amount"] = why;
        return sum;
    }

    private static Money Example(Money least, Money most) => least.Minor > 1 ? least : most with { Minor = Math.Min(most.Minor, 1000) };

    private static string Decimals(Currency currency) => currency is { Code: "btc" } or { Exponent: 0 } ? ", without decimals" : $", with at most {currency.Exponent} decimals";
}
