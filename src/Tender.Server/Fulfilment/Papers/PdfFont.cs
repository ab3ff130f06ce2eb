using System.Globalization;
using System.Text;

namespace Tender.Server.Fulfilment.Papers;

/// <summary>One font inside one document: remembers which glyphs were used, and embeds those (ISO 32000-1, 9.7 composite fonts).</summary>
internal sealed class PdfFont(FontFace face)
{
    private readonly SortedDictionary<ushort, Rune> used = [];

    /// <summary>The glyphs of a text, as a PDF string of two bytes each.</summary>
    public string Glyphs(string text)
    {
        var hex = new StringBuilder("<");
        foreach (var rune in text.EnumerateRunes())
        {
            var glyph = face.Glyph(rune);
            used.TryAdd(glyph, rune);
            hex.Append(glyph.ToString("X4", CultureInfo.InvariantCulture));
        }

        return hex.Append('>').ToString();
    }

    public int Embed(PdfFile file)
    {
        var subset = FontSubset.Of(face, used.Keys);
        var name = $"TENDER+{face.Name.Replace(" ", "", StringComparison.Ordinal)}";
        var program = file.AddStream($"/Length1 {subset.Length}", subset);
        var descriptor = file.Add(
            $"<< /Type /FontDescriptor /FontName /{name} /Flags 4 /FontBBox [{string.Join(' ', face.Box.Select(Scaled))}] /ItalicAngle 0 " +
            $"/Ascent {Scaled(face.Ascent)} /Descent {Scaled(face.Descent)} /CapHeight {Scaled(face.CapHeight)} /StemV 80 /FontFile2 {program} 0 R >>");
        var widths = string.Join(' ', used.Keys.Select(glyph => $"{glyph} [{Scaled(face.Advance(glyph))}]"));
        var descendant = file.Add(
            $"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /{name} /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> " +
            $"/FontDescriptor {descriptor} 0 R /CIDToGIDMap /Identity /W [{widths}] >>");
        var unicode = file.AddStream("", Encoding.ASCII.GetBytes(ToUnicode()));
        return file.Add($"<< /Type /Font /Subtype /Type0 /BaseFont /{name} /Encoding /Identity-H /DescendantFonts [{descendant} 0 R] /ToUnicode {unicode} 0 R >>");
    }

    private int Scaled(int units) => (int)Math.Round(units * 1000.0 / face.UnitsPerEm);

    // So that a reader can search and copy the text. At most 100 entries a block is the format's own rule.
    private string ToUnicode()
    {
        var map = new StringBuilder("""
            /CIDInit /ProcSet findresource begin 12 dict begin begincmap
            /CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def
            /CMapName /Adobe-Identity-UCS def /CMapType 2 def
            1 begincodespacerange <0000> <FFFF> endcodespacerange

            """);
        foreach (var block in used.Where(pair => pair.Key is not 0).Chunk(100))
        {
            map.Append(CultureInfo.InvariantCulture, $"{block.Length} beginbfchar\n");
            foreach (var (glyph, rune) in block)
                map.Append(CultureInfo.InvariantCulture, $"<{glyph:X4}> <{Convert.ToHexString(Encoding.BigEndianUnicode.GetBytes(rune.ToString()))}>\n");
            map.Append("endbfchar\n");
        }

        return map.Append("endcmap CMapName currentdict /CMap defineresource pop end end\n").ToString();
    }
}
