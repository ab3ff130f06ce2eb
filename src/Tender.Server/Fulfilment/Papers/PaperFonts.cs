namespace Tender.Server.Fulfilment.Papers;

/// <summary>A font in one size.</summary>
internal sealed record PaperFont(FontFace Face, double Size)
{
    /// <summary>How wide a text becomes, in points.</summary>
    public double WidthOf(string text) => text.EnumerateRunes().Sum(rune => (long)Face.Advance(Face.Glyph(rune))) * Size / Face.UnitsPerEm;
}

/// <summary>The fonts that documents are set in: ours, embedded; the machine's are never asked for.</summary>
internal static class PaperFonts
{
    private static readonly Lazy<FontFace> Inter = new(() => Read("Inter-Regular"));
    private static readonly Lazy<FontFace> InterSemiBold = new(() => Read("Inter-SemiBold"));
    private static readonly Lazy<FontFace> JetBrainsMono = new(() => Read("JetBrainsMono-Regular"));

    public static PaperFont Words(double size) => new(Inter.Value, size);

    public static PaperFont Strong(double size) => new(InterSemiBold.Value, size);

    /// <summary>For amounts, ids and codes: every digit as wide as the next.</summary>
    public static PaperFont Exact(double size) => new(JetBrainsMono.Value, size);

    private static FontFace Read(string name)
    {
        using var file = typeof(PaperFonts).Assembly.GetManifestResourceStream($"fonts/{name}.ttf")
            ?? throw new InvalidOperationException($"{name} is not embedded");
        var bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        return new(name, bytes);
    }
}
