using System.Buffers.Text;

namespace Tender.Server.Secrets;

/// <summary>Base64url with one spelling for each value: no padding, no white space, no stray bits at the end.</summary>
internal static class CanonicalBase64Url
{
    public static string Encode(ReadOnlySpan<byte> bytes) => Base64Url.EncodeToString(bytes);

    /// <summary>The bytes, or null when the text is not exactly what <see cref="Encode"/> writes.</summary>
    public static byte[]? TryDecode(ReadOnlySpan<char> text)
    {
        if (!Base64Url.IsValid(text)) return null;
        var bytes = Base64Url.DecodeFromChars(text);
        // The decoder is lenient; whoever spells the same bytes in another way is not one of ours.
        return text.SequenceEqual(Base64Url.EncodeToString(bytes)) ? bytes : null;
    }
}
