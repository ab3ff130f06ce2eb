using System.Globalization;

namespace Tender.Simulators.Stripe.Wire;

/// <summary>Parameters as a tree: <c>a[b][c]=v</c> and <c>list[0][x]=v</c> become nodes under nodes.</summary>
internal sealed class FormNode(string name)
{
    private const int DepthMax = 8;

    private readonly Dictionary<string, FormNode> children = [];

    /// <summary>The whole name in brackets, as errors speak of it.</summary>
    public string Name { get; } = name;

    public string? Text { get; private set; }

    public IReadOnlyDictionary<string, FormNode> Children => children;

    public FormNode? this[string key] => children.GetValueOrDefault(key);

    public void Add(string bracketed, string value)
    {
        var node = this;
        foreach (var key in Keys(bracketed)) node = node.Child(key.Length == 0 ? node.children.Count.ToString(CultureInfo.InvariantCulture) : key);
        if (node.Text is not null || node.children.Count > 0) throw StripeProblem.Invalid($"Invalid parameter: {bracketed} was given twice or in two shapes.", bracketed);
        node.Text = value;
    }

    public IEnumerable<FormNode> Items() => children.OrderBy(pair => int.TryParse(pair.Key, out var place) ? place : int.MaxValue).Select(pair => pair.Value);

    private FormNode Child(string key)
    {
        if (Text is not null) throw StripeProblem.Invalid($"Invalid parameter: {Name} is a value and a hash at once.", Name);
        if (!children.TryGetValue(key, out var child)) children[key] = child = new(Name.Length == 0 ? key : $"{Name}[{key}]");
        return child;
    }

    private static IEnumerable<string> Keys(string bracketed)
    {
        var open = bracketed.IndexOf('[', StringComparison.Ordinal);
        if (open < 0) return [bracketed];
        if (open == 0 || bracketed[^1] != ']') throw StripeProblem.Invalid($"Invalid parameter name: {bracketed}", bracketed);

        var inner = bracketed[(open + 1)..^1].Split("][");
        if (inner.Length > DepthMax || inner.Any(key => key.AsSpan().IndexOfAny('[', ']') >= 0)) throw StripeProblem.Invalid($"Invalid parameter name: {bracketed}", bracketed);
        return inner.Prepend(bracketed[..open]);
    }
}
