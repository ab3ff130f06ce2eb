namespace Tender.Providers.Stripe;

/// <summary>
/// Metadata within Stripe's limits: 50 keys of at most 40 characters without brackets, values of at most 500. What does not fit is left
/// out, since Stripe would refuse the whole payment for it; Tender keeps all of it anyway. Our own keys go first.
/// </summary>
internal static class StripeMetadataFields
{
    private const int KeysMax = 50;
    private const int KeyCharactersMax = 40;
    private const int ValueCharactersMax = 500;

    public static StripeForm AddMetadata(this StripeForm form, string prefix, string attempt, IReadOnlyDictionary<string, string> metadata)
    {
        form.Add($"{prefix}[{StripeStart.AttemptKey}]", attempt);
        var left = KeysMax - 1;
        foreach (var (key, value) in metadata)
        {
            if (IsOurs(key)) Add(key, value);
        }

        foreach (var (key, value) in metadata)
        {
            if (!IsOurs(key)) Add(key, value);
        }

        return form;

        void Add(string key, string value)
        {
            if (left == 0 || !Fits(key, value)) return;
            form.Add($"{prefix}[{Uri.EscapeDataString(key)}]", value);
            left--;
        }
    }

    private static bool IsOurs(string key) => key.StartsWith("tender_", StringComparison.Ordinal);

    private static bool Fits(string key, string value) =>
        key != StripeStart.AttemptKey && key.Length is > 0 and <= KeyCharactersMax && !key.AsSpan().ContainsAny('[', ']') && value.Length <= ValueCharactersMax;
}
