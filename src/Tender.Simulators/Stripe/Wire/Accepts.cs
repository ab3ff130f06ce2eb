namespace Tender.Simulators.Stripe.Wire;

/// <summary>
/// The parameters that a call takes, written as one list: <c>amount!</c> must be there, <c>a[b]</c> is nested, <c>tags[]</c> is a list,
/// <c>metadata[*]</c> takes any key, and <c>shipping**</c> anything below.
/// </summary>
internal sealed class Accepts
{
    private readonly Branch root = new();

    public static readonly Accepts OnlyExpand = Of("");

    public static Accepts Of(string list)
    {
        var accepts = new Accepts();
        foreach (var word in $"{list} expand[]".Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)) accepts.Add(word);
        return accepts;
    }

    public void Check(FormNode form)
    {
        var unknown = new List<string>();
        FindUnknown(form, root, unknown);
        if (unknown.Count > 0)
        {
            var message = unknown.Count == 1 ? $"Received unknown parameter: {unknown[0]}" : $"Received unknown parameters: {string.Join(", ", unknown)}";
            throw StripeProblem.Invalid(message, unknown[0], "parameter_unknown");
        }

        foreach (var (key, branch) in root.Children)
        {
            if (branch.IsRequired && !form.Has(key)) throw StripeProblem.Missing(key);
        }
    }

    private static void FindUnknown(FormNode node, Branch branch, List<string> unknown)
    {
        foreach (var (key, child) in node.Children)
        {
            if (branch.Child(key) is not { } fits) unknown.Add(child.Name);
            else if (!fits.TakesAnything) FindUnknown(child, fits, unknown);
        }
    }

    private void Add(string word)
    {
        var takesAnything = word.EndsWith("**", StringComparison.Ordinal);
        var isRequired = word[^1] == '!';
        var branch = root;
        var parts = word.TrimEnd('!', takesAnything ? '*' : '!').Replace("]", "", StringComparison.Ordinal).Split('[');
        var first = parts[0];
        foreach (var part in parts)
        {
            var key = part.Length == 0 ? "#" : part;
            if (!branch.Children.TryGetValue(key, out var child)) branch.Children[key] = child = new();
            branch = child;
        }

        branch.TakesAnything |= takesAnything;
        if (isRequired) root.Children[first].IsRequired = true;
    }

    private sealed class Branch
    {
        public Dictionary<string, Branch> Children { get; } = [];

        public bool TakesAnything { get; set; }

        public bool IsRequired { get; set; }

        public Branch? Child(string key)
        {
            if (Children.TryGetValue(key, out var exact)) return exact;
            if (Children.TryGetValue("#", out var item) && int.TryParse(key, out _)) return item;
            return Children.GetValueOrDefault("*");
        }
    }
}
