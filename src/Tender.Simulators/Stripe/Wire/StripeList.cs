namespace Tender.Simulators.Stripe.Wire;

/// <summary>A page of a list.</summary>
internal sealed record StripeList(string Url, bool HasMore, IReadOnlyList<object> Data)
{
    public const string Parameters = "limit starting_after ending_before created created[gt] created[gte] created[lt] created[lte]";

    public string Object => "list";

    public static StripeList Of<T>(string url, Shelf<T> shelf, FormNode form, Func<T, bool> fits)
        where T : class, IStripeObject
    {
        var page = shelf.Newest(form, fits);
        return new(url, page.HasMore, page.Found);
    }
}
