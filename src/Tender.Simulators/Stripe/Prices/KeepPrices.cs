using Tender.Simulators.Stripe.Payments;
using Tender.Simulators.Stripe.Wire;

namespace Tender.Simulators.Stripe.Prices;

/// <summary>/v1/prices: create, read, list, take off sale. The product is made with its price; prices that repeat are not known here.</summary>
internal static class KeepPrices
{
    public static readonly Accepts AcceptsCreate = Accepts.Of("currency! unit_amount! product_data[name]! product_data[metadata][*] active nickname metadata[*]");
    public static readonly Accepts AcceptsUpdate = Accepts.Of("active nickname metadata[*]");
    public static readonly Accepts AcceptsList = Accepts.Of($"active {StripeList.Parameters}");

    public static object Create(StripeCall call)
    {
        var (form, scene) = (call.Form, call.Scene);
        var currency = Currencies.Read(form);
        var unit = form.RequiredWhole("unit_amount");
        if (unit < 0) throw StripeProblem.Invalid("This value must be greater than or equal to 0.", "unit_amount", "parameter_invalid_integer");
        return call.Account.Prices.Add(new Price
        {
            Id = scene.Ids.New("price_1"),
            Active = form.Flag("active") ?? true,
            Created = scene.Now,
            Currency = currency,
            Livemode = call.Account.LiveMode,
            Metadata = form.Metadata(),
            Nickname = form.Text("nickname"),
            Product = scene.Ids.New("prod_", 14),
            ProductName = form["product_data"]!.RequiredText("name"),
            UnitAmount = unit,
        });
    }

    public static object One(StripeCall call) => call.Account.Prices.Need(call.Id!);

    public static StripeList List(StripeCall call)
    {
        var active = call.Form.Flag("active");
        return StripeList.Of("/v1/prices", call.Account.Prices, call.Form, price => active is null || price.Active == active);
    }

    public static object Update(StripeCall call)
    {
        var (form, price) = (call.Form, call.Account.Prices.Need(call.Id!));
        if (form.Flag("active") is { } active) price.Active = active;
        if (form.Has("nickname")) price.Nickname = form.Text("nickname");
        if (form.Has("metadata")) price.Metadata = form.Metadata(price.Metadata);
        return price;
    }
}
