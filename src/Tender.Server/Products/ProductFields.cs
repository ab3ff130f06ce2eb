using System.Globalization;
using Tender.Server.Console.Parts;
using Tender.Server.Hosting;

namespace Tender.Server.Products;

/// <summary>A product as the console's form shows it and sends it back. What is allowed stands on <see cref="CreateProduct.Request"/> alone.</summary>
public sealed record ProductFields(string Name, string Kind, string Prices, string Stock, string Description, string DownloadUrl)
{
    /// <summary>Before anything was typed.</summary>
    public static readonly ProductFields Empty = new("", "ticket", "", "", "", "");

    internal static ProductFields Of(Product product) => new(
        product.Name, product.Kind, PriceLines.Write(product.Prices), StockText(product.Stock), product.Description, product.DownloadUrl ?? "");

    internal static ProductFields From(IFormCollection form) => new(
        form["name"].ToString().Trim(), form["kind"].ToString(), form["prices"].ToString(), form["stock"].ToString().Trim(), form["description"].ToString().Trim(), form["downloadUrl"].ToString().Trim());

    internal static string StockText(int? stock) => stock?.ToString(CultureInfo.InvariantCulture) ?? "";

    internal static string StockWord(int stock) => stock is 0 ? "sold out" : $"{AmountText.Of(stock, "", 0).Number} left";

    /// <summary>What the use case takes; and, by field, what is wrong.</summary>
    internal (CreateProduct.Request Request, IReadOnlyDictionary<string, string> Wrong) Read()
    {
        var wrong = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        var (prices, priceWrong) = PriceLines.Read(Prices);
        int? stock = int.TryParse(Stock, NumberStyles.None, CultureInfo.InvariantCulture, out var pieces) ? pieces : null;
        var request = new CreateProduct.Request(Name, Kind, prices, stock, Description, DownloadUrl.Length is 0 ? null : DownloadUrl);

        CheckRequest.Into(wrong, request);
        foreach (var price in prices) CheckRequest.Into(wrong, price);
        if (priceWrong is not null) wrong["Prices"] = priceWrong;
        else if (wrong.Remove("Amount")) wrong["Prices"] = "A price is too large.";
        if (Stock.Length > 0 && stock is null) wrong["Stock"] = "Write a whole number, or nothing for as many as asked for.";
        if (Name.Length is 0) wrong["Name"] = "Give it a name.";
        return (request, wrong);
    }
}
