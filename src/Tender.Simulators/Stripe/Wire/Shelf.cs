namespace Tender.Simulators.Stripe.Wire;

/// <summary>An object with an id and a time, as every stored thing of Stripe's has.</summary>
internal interface IStripeObject
{
    string Id { get; }

    long Created { get; }
}

/// <summary>All objects of one kind of one account, in the order they were made. Used under the account's lock.</summary>
internal sealed class Shelf<T>(string kind, string param = "id")
    where T : class, IStripeObject
{
    private readonly Dictionary<string, T> byId = [];
    private readonly List<T> inOrder = [];

    public IReadOnlyList<T> All => inOrder;

    public T Add(T item)
    {
        byId.Add(item.Id, item);
        inOrder.Add(item);
        return item;
    }

    public T? Find(string? id) => id is null ? null : byId.GetValueOrDefault(id);

    public T Need(string id, string? named = null) => Find(id) ?? throw StripeProblem.NotFound(kind, id, named ?? param);

    public void Remove(T item)
    {
        byId.Remove(item.Id);
        inOrder.Remove(item);
    }

    /// <summary>Forgets the oldest beyond a number, so that memory has a limit.</summary>
    public void KeepNewest(int number)
    {
        // In steps, so that it costs little for each addition.
        if (inOrder.Count < number + (number / 10)) return;
        var surplus = inOrder.Count - number;
        foreach (var item in inOrder.Take(surplus)) byId.Remove(item.Id);
        inOrder.RemoveRange(0, surplus);
    }

    /// <summary>Newest first, from the cursor on, as Stripe's lists go.</summary>
    public Page Newest(FormNode form, Func<T, bool> fits)
    {
        var limit = (int)(form.Whole("limit") ?? 10);
        if (limit is < 1 or > 100) throw StripeProblem.Invalid("Invalid limit: must be between 1 and 100", "limit");

        var after = form.Text("starting_after");
        var before = form.Text("ending_before");
        var created = CreatedBetween(form);
        var matching = Enumerable.Reverse(inOrder).Where(item => fits(item) && created(item));
        if (after is not null) matching = matching.SkipWhile(item => item.Id != Need(after, "starting_after").Id).Skip(1);
        if (before is not null) matching = matching.TakeWhile(item => item.Id != Need(before, "ending_before").Id);

        var found = (before is null ? matching.Take(limit + 1) : matching.TakeLast(limit + 1)).ToList();
        var hasMore = found.Count > limit;
        if (hasMore) found.RemoveAt(before is null ? limit : 0);
        return new(found, hasMore);
    }

    private static Func<T, bool> CreatedBetween(FormNode form)
    {
        if (form["created"] is not { } node) return _ => true;
        if (node.Text is not null) return item => item.Created == form.Whole("created");

        var (gt, gte, lt, lte) = (node.Whole("gt"), node.Whole("gte"), node.Whole("lt"), node.Whole("lte"));
        return item => !(item.Created <= gt) && !(item.Created < gte) && !(item.Created >= lt) && !(item.Created > lte);
    }

    internal sealed record Page(IReadOnlyList<T> Found, bool HasMore);
}
