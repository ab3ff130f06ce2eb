using System.Buffers.Binary;
using System.Text;

namespace Tender.Server.Fulfilment.Papers;

/// <summary>A TrueType font as far as paper needs it: which glyph a character has, how wide it is, and a subset to embed. OpenType 1.9.</summary>
internal sealed class FontFace
{
    private const int HeaderBytes = 12;
    private const int TableRecordBytes = 16;
    private readonly byte[] file;
    private readonly Dictionary<string, (int Offset, int Length)> tables = new(StringComparer.Ordinal);
    private readonly Dictionary<int, ushort> glyphs = [];
    private readonly int wideGlyphs;
    private readonly bool longOffsets;

    public FontFace(string name, byte[] file)
    {
        Name = name;
        this.file = file;
        for (var i = 0; i < U16(file, 4); i++)
        {
            var record = HeaderBytes + i * TableRecordBytes;
            tables[Encoding.ASCII.GetString(file, record, 4)] = ((int)U32(file, record + 8), (int)U32(file, record + 12));
        }

        UnitsPerEm = U16(Table("head"), 18);
        longOffsets = S16(Table("head"), 50) is 1;
        wideGlyphs = U16(Table("hhea"), 34);
        GlyphCount = U16(Table("maxp"), 4);
        ReadCharacters();
    }

    public string Name { get; }

    public int UnitsPerEm { get; }

    public int GlyphCount { get; }

    public int Ascent => S16(Table("hhea"), 4);

    public int Descent => S16(Table("hhea"), 6);

    public int CapHeight => S16(Table("OS/2"), 88);

    /// <summary>xMin, yMin, xMax, yMax over all glyphs.</summary>
    public IReadOnlyList<int> Box => [S16(Table("head"), 36), S16(Table("head"), 38), S16(Table("head"), 40), S16(Table("head"), 42)];

    /// <summary>The glyph of a character; 0, an empty box, when the font has none.</summary>
    public ushort Glyph(Rune character) => glyphs.GetValueOrDefault(character.Value);

    /// <summary>How far a glyph moves the pen, in the font's units.</summary>
    public int Advance(ushort glyph) => U16(Table("hmtx"), Math.Min(glyph, wideGlyphs - 1) * 4);

    /// <summary>A table of the font; empty when it has none of that name.</summary>
    public ReadOnlySpan<byte> Table(string tag) => tables.TryGetValue(tag, out var at) ? file.AsSpan(at.Offset, at.Length) : default;

    /// <summary>The outline of one glyph; empty for a space.</summary>
    public ReadOnlySpan<byte> Outline(int glyph)
    {
        var (from, to) = (OutlineOffset(glyph), OutlineOffset(glyph + 1));
        return Table("glyf")[from..to];
    }

    private int OutlineOffset(int glyph) => longOffsets ? (int)U32(Table("loca"), glyph * 4) : U16(Table("loca"), glyph * 2) * 2;

    // The Unicode subtable: format 12 where there is one (all planes), else format 4.
    private void ReadCharacters()
    {
        var cmap = Table("cmap");
        var (best, bestFormat) = (0, 0);
        for (var i = 0; i < U16(cmap, 2); i++)
        {
            var offset = (int)U32(cmap, 4 + i * 8 + 4);
            var format = U16(cmap, offset);
            if (format is 4 or 12 && format > bestFormat) (best, bestFormat) = (offset, format);
        }

        if (bestFormat is 12) ReadGroups(cmap[best..]);
        else ReadSegments(cmap[best..]);
    }

    private void ReadGroups(ReadOnlySpan<byte> table)
    {
        for (var i = 0; i < (int)U32(table, 12); i++)
        {
            var group = 16 + i * 12;
            var (first, last, glyph) = ((int)U32(table, group), (int)U32(table, group + 4), (int)U32(table, group + 8));
            for (var character = first; character <= last; character++) glyphs[character] = (ushort)(glyph + character - first);
        }
    }

    private void ReadSegments(ReadOnlySpan<byte> table)
    {
        var twice = U16(table, 6);
        for (var i = 0; i < twice; i += 2)
        {
            var (last, first) = (U16(table, 14 + i), U16(table, 16 + twice + i));
            var delta = U16(table, 16 + 2 * twice + i);
            var rangeAt = 16 + 3 * twice + i;
            var range = U16(table, rangeAt);
            for (int character = first; character <= last && character < 0xFFFF; character++)
            {
                var glyph = range is 0 ? character : U16(table, rangeAt + range + (character - first) * 2);
                if (glyph is not 0) glyphs[character] = (ushort)(glyph + delta);
            }
        }
    }

    private static ushort U16(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt16BigEndian(bytes[at..]);

    private static short S16(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadInt16BigEndian(bytes[at..]);

    private static uint U32(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt32BigEndian(bytes[at..]);
}
