using System.Globalization;

namespace Tender.Simulators.Stripe.Wire;

/// <summary>Parameters read as what they should be, refused in Stripe's words when they are not.</summary>
internal static class FormValues
{
    private const int MetadataKeysMax = 50;
    private const int MetadataKeyLengthMax = 40;
    private const int MetadataValueLengthMax = 500;

    public static bool Has(this FormNode form, string key) => form[key] is not null;

    /// <summary>The text, or null when it is absent or empty: an empty value unsets.</summary>
    public static string? Text(this FormNode form, string key)
    {
        var node = form[key];
        if (node?.Children.Count > 0) throw StripeProblem.Invalid($"Invalid string: {{...}}", node.Name);
        return string.IsNullOrEmpty(node?.Text) ? null : node.Text;
    }

    public static string RequiredText(this FormNode form, string key)
    {
        if (form[key] is not { } node) throw StripeProblem.Missing(Inside(form, key));
        return form.Text(key) ?? throw StripeProblem.Invalid(
            $"You passed an empty string for '{node.Name}'. We assume empty values are an attempt to unset a parameter; however '{node.Name}' cannot be unset. You should remove '{node.Name}' from your request or supply a non-empty value.",
            node.Name,
            "parameter_invalid_empty");
    }

    public static long? Whole(this FormNode form, string key)
    {
        if (form.Text(key) is not { } text) return null;
        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)) return number;
        throw StripeProblem.Invalid($"Invalid integer: {text}", form[key]!.Name, "parameter_invalid_integer");
    }

    public static long RequiredWhole(this FormNode form, string key)
    {
        _ = form.RequiredText(key);
        return form.Whole(key)!.Value;
    }

    public static bool? Flag(this FormNode form, string key) => form.Text(key) switch
    {
        null => null,
        "true" or "True" => true,
        "false" or "False" => false,
        var text => throw StripeProblem.Invalid($"Invalid boolean: {text}", form[key]!.Name),
    };

    public static string? Choice(this FormNode form, string key, params ReadOnlySpan<string> choices)
    {
        if (form.Text(key) is not { } text) return null;
        if (choices.Contains(text)) return text;
        throw StripeProblem.Invalid($"Invalid {form[key]!.Name}: must be one of {string.Join(", ", choices!)}", form[key]!.Name);
    }

    public static string[] Texts(this FormNode form, string key) => form[key] switch
    {
        null => [],
        { Text: "" } => [],
        { Text: not null } node => throw StripeProblem.Invalid("Invalid array", node.Name),
        var node => [.. node.Items().Select(item => item.Text ?? throw StripeProblem.Invalid("Invalid string: {...}", item.Name))],
    };

    /// <summary>An absolute http or https address.</summary>
    public static string? Url(this FormNode form, string key)
    {
        if (form.Text(key) is not { } text) return null;
        var fits = Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https";
        return fits ? text : throw StripeProblem.Invalid("Not a valid URL", form[key]!.Name, "url_invalid");
    }

    /// <summary>Metadata as given over what was there; an empty value removes a key, an empty map all of them.</summary>
    public static Dictionary<string, string> Metadata(this FormNode form, IReadOnlyDictionary<string, string>? before = null)
    {
        var result = before is null ? [] : new Dictionary<string, string>(before);
        if (form["metadata"] is not { } node) return result;
        if (node.Text is "") return [];
        if (node.Text is not null) throw StripeProblem.Invalid("Invalid hash", node.Name);

        foreach (var (key, value) in node.Children)
        {
            Check(key, value);
            if (value.Text is "") result.Remove(key);
            else result[key] = value.Text!;
        }

        if (result.Count > MetadataKeysMax) throw StripeProblem.Invalid($"Metadata can have at most {MetadataKeysMax} keys.", node.Name);
        return result;
    }

    private static void Check(string key, FormNode value)
    {
        if (key.Length > MetadataKeyLengthMax)
            throw StripeProblem.Invalid($"Metadata keys must be under {MetadataKeyLengthMax} characters long.", value.Name);
        if (value.Text is null)
            throw StripeProblem.Invalid("Metadata values must be strings.", value.Name);
        if (value.Text.Length > MetadataValueLengthMax)
            throw StripeProblem.Invalid($"Metadata values can have up to {MetadataValueLengthMax} characters. You passed in a value that is {value.Text.Length} characters.", value.Name);
    }

    private static string Inside(FormNode form, string key) => form.Name.Length == 0 ? key : $"{form.Name}[{key}]";
}
