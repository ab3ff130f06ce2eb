using Tender.Simulators.Stripe.Payments;
using Tender.Simulators.Stripe.Wire;

namespace Tender.Simulators.Stripe.Checkout;

/// <summary>A hosted page for one payment.</summary>
internal sealed class CheckoutSession : IStripeObject
{
    public required string Id { get; init; }

    public string Object => "checkout.session";

    public required long AmountSubtotal { get; init; }

    public required long AmountTotal { get; init; }

    public string? CancelUrl { get; init; }

    public string? ClientReferenceId { get; init; }

    public required long Created { get; init; }

    public required string Currency { get; init; }

    public string? Customer { get; init; }

    public CustomerDetails? CustomerDetails { get; set; }

    public string? CustomerEmail { get; init; }

    public required long ExpiresAt { get; init; }

    public string? Invoice => null;

    public bool Livemode { get; init; }

    public string? Locale { get; init; }

    public IReadOnlyDictionary<string, string> Metadata { get; set; } = new Dictionary<string, string>();

    public string Mode => "payment";

    /// <summary>Unknown until the payer submits (since API 2022-08-01).</summary>
    public string? PaymentIntent { get; set; }

    public required IReadOnlyList<string> PaymentMethodTypes { get; init; }

    public string PaymentStatus { get; set; } = "unpaid";

    public string Status { get; set; } = "open";

    public string? SuccessUrl { get; init; }

    public TotalDetails TotalDetails { get; } = new(0, 0, 0);

    public string UiMode => "hosted_page";

    public string? Url { get; set; }

    /// <summary>The payment as it will be, once the payer submits.</summary>
    [Unseen]
    public required PaymentIntent Draft { get; init; }

    [Unseen]
    public required IReadOnlyList<LineItem> Lines { get; init; }

    /// <summary>A slow method was chosen: the result comes as a second event.</summary>
    [Unseen]
    public bool AwaitsResult { get; set; }

    public StripeList ListLines() => new($"/v1/checkout/sessions/{Id}/line_items", HasMore: false, Lines);
}

/// <summary>Who paid, as typed on the page.</summary>
internal sealed record CustomerDetails(string? Email, string? Name, string? Phone);

/// <summary>What was added to or taken from the sum.</summary>
internal sealed record TotalDetails(long AmountDiscount, long AmountShipping, long AmountTax);

/// <summary>One thing that is paid for.</summary>
internal sealed record LineItem(string Id, long AmountSubtotal, long AmountTotal, string Currency, string Description, LinePrice Price, long Quantity)
{
    public string Object => "item";

    public long AmountDiscount => 0;

    public long AmountTax => 0;
}

/// <summary>What one of them costs.</summary>
internal sealed record LinePrice(string Id, string Currency, string Product, long UnitAmount)
{
    public string Object => "price";

    public string Type => "one_time";
}
