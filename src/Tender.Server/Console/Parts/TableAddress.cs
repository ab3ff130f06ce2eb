using Microsoft.AspNetCore.WebUtilities;

namespace Tender.Server.Console.Parts;

/// <summary>A list's state is its address: filters, order and place. This changes one of them and keeps the rest.</summary>
/// <param name="Uri">The page's address, with its query.</param>
public readonly record struct TableAddress(string Uri)
{
    /// <summary>The page's path, without the query.</summary>
    public string Path => new Uri(Uri).AbsolutePath;

    /// <summary>The value of one key; null when it is not there or empty.</summary>
    public string? this[string key] => Query().FirstOrDefault(pair => pair.Key == key).Value is { Length: > 0 } value ? value : null;

    /// <summary>The same list ordered by a column: ascending, then descending, then as it was.</summary>
    public string SortedBy(string key) => this["sort"] switch
    {
        var now when now == key => With(("sort", $"-{key}"), ("startingAfter", null)),
        var now when now == $"-{key}" => With(("sort", null), ("startingAfter", null)),
        _ => With(("sort", key), ("startingAfter", null)),
    };

    /// <summary>The next page: what comes after the last row shown.</summary>
    public string After(string cursor) => With(("startingAfter", cursor));

    /// <summary>The first page.</summary>
    public string FromTheStart() => With(("startingAfter", null));

    /// <summary>This address with some keys set, or taken out by null.</summary>
    public string With(params (string Key, string? Value)[] changes)
    {
        var kept = Query().Where(pair => changes.All(change => change.Key != pair.Key));
        var set = changes.Where(change => change.Value is not null).Select(change => KeyValuePair.Create(change.Key, change.Value));
        return QueryHelpers.AddQueryString(Path, kept.Select(pair => KeyValuePair.Create(pair.Key, (string?)pair.Value)).Concat(set));
    }

    private IEnumerable<KeyValuePair<string, string>> Query() =>
        from pair in QueryHelpers.ParseQuery(new Uri(Uri).Query)
        from value in pair.Value
        where value is not null
        select KeyValuePair.Create(pair.Key, value);
}
