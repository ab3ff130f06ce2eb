using Tender.Simulators.Stripe.Payments;
using Tender.Simulators.Stripe.Prices;
using Tender.Simulators.Stripe.Wire;

namespace Tender.Simulators.Stripe.Checkout;

/// <summary>POST /v1/checkout/sessions, in payment mode with the hosted page.</summary>
internal static class CreateCheckoutSession
{
    private const long ShortestLife = 30 * 60;
    private const long LongestLife = 24 * 60 * 60;
    private const int LinesMax = 100;

    // The dash of Stripe's page ids: "a1" stands for a hosted page.
    private const int IdLength = 58;

    private static readonly string PaymentDetails = string.Join(' ', CreatePaymentIntent.Details
        .Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)
        .Select(word => word.IndexOf('[', StringComparison.Ordinal) is var open and > 0 ? $"payment_intent_data[{word[..open]}]{word[open..]}" : word.EndsWith("**", StringComparison.Ordinal) ? $"payment_intent_data[{word[..^2]}]**" : $"payment_intent_data[{word}]"));

    public static readonly Accepts Accepts = Accepts.Of($"""
        mode! success_url cancel_url client_reference_id metadata[*] customer customer_email customer_creation expires_at payment_method_types[] ui_mode locale
        allow_promotion_codes automatic_tax** billing_address_collection invoice_creation** phone_number_collection** submit_type after_expiration**
        adaptive_pricing** payment_method_options** custom_text** consent_collection** name_collection**
        line_items[][price] line_items[][quantity] line_items[][adjustable_quantity]** line_items[][tax_rates][]
        line_items[][price_data][currency] line_items[][price_data][product] line_items[][price_data][unit_amount] line_items[][price_data][unit_amount_decimal]
        line_items[][price_data][tax_behavior] line_items[][price_data][product_data][name] line_items[][price_data][product_data][description]
        line_items[][price_data][product_data][images][] line_items[][price_data][product_data][metadata][*] line_items[][price_data][product_data][tax_code]
        {PaymentDetails}
        """);

    public static CheckoutSession Run(StripeCall call)
    {
        var (form, scene) = (call.Form, call.Scene);
        if (form.Choice("mode", "payment", "setup", "subscription") is not "payment") throw StripeProblem.Invalid("The simulator only knows mode=payment.", "mode");
        if (form.Choice("ui_mode", "hosted_page", "embedded_page", "elements", "form") is not (null or "hosted_page")) throw StripeProblem.Invalid("The simulator only knows the hosted page.", "ui_mode");
        var successUrl = form.Url("success_url") ?? throw StripeProblem.Missing("success_url");

        var lines = Lines(call);
        var total = lines.Sum(line => line.AmountTotal);
        Currencies.CheckAmount(total, lines[0].Currency, "line_items");
        var types = form.Texts("payment_method_types");
        var id = scene.Ids.New(call.Account.LiveMode ? "cs_live_a1" : "cs_test_a1", IdLength);
        var draft = CreatePaymentIntent.Build(call, form["payment_intent_data"], total, lines[0].Currency, id);
        draft.PaymentMethodTypes = types.Length > 0 ? CreatePaymentIntent.Known(types) : call.Account.MethodTypes;

        var session = call.Account.Sessions.Add(new CheckoutSession
        {
            Id = id,
            AmountSubtotal = total,
            AmountTotal = total,
            CancelUrl = form.Url("cancel_url"),
            ClientReferenceId = form.Text("client_reference_id"),
            Created = scene.Now,
            Currency = lines[0].Currency,
            Customer = form.Text("customer"),
            CustomerEmail = form.Text("customer_email"),
            ExpiresAt = ExpiresAt(call),
            Livemode = call.Account.LiveMode,
            Locale = form.Text("locale"),
            Metadata = form.Metadata(),
            PaymentMethodTypes = draft.PaymentMethodTypes,
            SuccessUrl = successUrl,
            Url = $"{call.PublicUrl}/c/pay/{id}",
            Draft = draft,
            Lines = lines,
        });
        scene.At(session.ExpiresAt, later => EndCheckoutSession.Expire(later, session));
        return session;
    }

    private static long ExpiresAt(StripeCall call)
    {
        var now = call.Scene.Now;
        if (call.Form.Whole("expires_at") is not { } at) return now + LongestLife;
        return at >= now + ShortestLife && at <= now + LongestLife
            ? at
            : throw StripeProblem.Invalid("The `expires_at` timestamp must be at least 30 minutes and at most 24 hours from Checkout Session creation.", "expires_at");
    }

    private static List<LineItem> Lines(StripeCall call)
    {
        var items = call.Form["line_items"]?.Items().ToList() ?? throw StripeProblem.Missing("line_items");
        if (items.Count > LinesMax) throw StripeProblem.Invalid($"You may have at most {LinesMax} line items.", "line_items");
        var lines = items.ConvertAll(item => Line(call, item));
        return lines.All(line => line.Currency == lines[0].Currency)
            ? lines
            : throw StripeProblem.Invalid("All line items must have the same currency.", "line_items");
    }

    private static LineItem Line(StripeCall call, FormNode item)
    {
        if (item.Text("price") is { } price) return Priced(call, item, call.Account.Prices.Need(price, $"{item.Name}[price]"));
        var data = item["price_data"] ?? throw StripeProblem.Missing($"{item.Name}[price_data]");
        var product = data["product_data"] ?? throw StripeProblem.Missing($"{data.Name}[product_data]");
        var currency = Currencies.Read(data);
        var unit = data.Has("unit_amount_decimal") ? (long)Math.Round(decimal.Parse(data.RequiredText("unit_amount_decimal")), MidpointRounding.AwayFromZero) : data.RequiredWhole("unit_amount");
        var quantity = item.Whole("quantity") ?? 1;
        if (unit < 0 || quantity < 1) throw StripeProblem.Invalid("Amounts and quantities cannot be negative.", item.Name, "parameter_invalid_integer");

        var ids = call.Scene.Ids;
        return new(ids.New("li_1"), unit * quantity, unit * quantity, currency, product.RequiredText("name"), new(ids.New("price_1"), currency, ids.New("prod_", 14), unit), quantity);
    }

    private static LineItem Priced(StripeCall call, FormNode item, Price price)
    {
        if (item["price_data"] is not null) throw StripeProblem.Invalid("You may only specify one of these parameters: price, price_data.", $"{item.Name}[price]");
        if (!price.Active) throw StripeProblem.Invalid("The price specified is inactive. This field only accepts active prices.", $"{item.Name}[price]");
        var quantity = item.Whole("quantity") ?? 1;
        if (quantity < 1) throw StripeProblem.Invalid("Quantities cannot be negative.", item.Name, "parameter_invalid_integer");
        var total = price.UnitAmount * quantity;
        return new(call.Scene.Ids.New("li_1"), total, total, price.Currency, price.ProductName, new(price.Id, price.Currency, price.Product, price.UnitAmount), quantity);
    }
}
