using System.Buffers.Binary;
using System.Text;

namespace Tender.Server.Fulfilment.Papers;

/// <summary>
/// A font with the outlines of the used glyphs only. Glyphs keep their numbers, so nothing that refers to them has to change; an
/// unused one is simply empty.
/// </summary>
internal static class FontSubset
{
    // What a PDF reader needs of a TrueType font; names and kerning stay behind (ISO 32000-1, 9.9).
    private static readonly string[] Kept = ["cvt ", "fpgm", "glyf", "head", "hhea", "hmtx", "loca", "maxp", "prep"];

    private const int MoreComponents = 0x0020;
    private const int WordArguments = 0x0001;
    private const int OneScale = 0x0008;
    private const int TwoScales = 0x0040;
    private const int Matrix = 0x0080;

    public static byte[] Of(FontFace face, IEnumerable<ushort> used)
    {
        var glyphs = new SortedSet<int> { 0 };
        foreach (var glyph in used) AddWithParts(face, glyph, glyphs);

        var outlines = new MemoryStream();
        var offsets = new byte[(face.GlyphCount + 1) * 4];
        for (var glyph = 0; glyph < face.GlyphCount; glyph++)
        {
            BinaryPrimitives.WriteUInt32BigEndian(offsets.AsSpan(glyph * 4), (uint)outlines.Length);
            if (!glyphs.Contains(glyph)) continue;
            outlines.Write(face.Outline(glyph));
            while (outlines.Length % 4 is not 0) outlines.WriteByte(0);
        }

        BinaryPrimitives.WriteUInt32BigEndian(offsets.AsSpan(face.GlyphCount * 4), (uint)outlines.Length);
        var head = face.Table("head").ToArray();
        head[51] = 1; // indexToLocFormat: long offsets
        head.AsSpan(8, 4).Clear(); // its checksum of the whole font, which no longer holds

        return File([.. Kept.Select(tag => (tag, tag switch
        {
            "glyf" => outlines.ToArray(),
            "loca" => offsets,
            "head" => head,
            _ => face.Table(tag).ToArray(),
        })).Where(table => table.Item2.Length > 0)]);
    }

    // An accented letter is often made of others.
    private static void AddWithParts(FontFace face, int glyph, SortedSet<int> glyphs)
    {
        if (!glyphs.Add(glyph)) return;
        var outline = face.Outline(glyph);
        if (outline.Length < 10 || BinaryPrimitives.ReadInt16BigEndian(outline) >= 0) return;
        int flags;
        var at = 10;
        do
        {
            flags = BinaryPrimitives.ReadUInt16BigEndian(outline[at..]);
            AddWithParts(face, BinaryPrimitives.ReadUInt16BigEndian(outline[(at + 2)..]), glyphs);
            at += 4 + ((flags & WordArguments) is 0 ? 2 : 4);
            if ((flags & OneScale) is not 0) at += 2;
            else if ((flags & TwoScales) is not 0) at += 4;
            else if ((flags & Matrix) is not 0) at += 8;
        }
        while ((flags & MoreComponents) is not 0);
    }

    private static byte[] File(IReadOnlyList<(string Tag, byte[] Bytes)> tables)
    {
        var power = 1 << (int)Math.Log2(tables.Count);
        var bytes = new MemoryStream();
        Write32(bytes, 0x00010000);
        Write16(bytes, tables.Count);
        Write16(bytes, power * 16);
        Write16(bytes, (int)Math.Log2(power));
        Write16(bytes, (tables.Count - power) * 16);

        var offset = 12 + tables.Count * 16;
        foreach (var (tag, table) in tables)
        {
            bytes.Write(Encoding.ASCII.GetBytes(tag));
            Write32(bytes, Checksum(table));
            Write32(bytes, (uint)offset);
            Write32(bytes, (uint)table.Length);
            offset += Padded(table.Length);
        }

        foreach (var (_, table) in tables) bytes.Write([.. table, .. new byte[Padded(table.Length) - table.Length]]);
        return bytes.ToArray();
    }

    private static uint Checksum(byte[] table)
    {
        var sum = 0u;
        for (var i = 0; i < table.Length; i++) sum = unchecked(sum + ((uint)table[i] << (24 - i % 4 * 8)));
        return sum;
    }

    private static int Padded(int length) => (length + 3) / 4 * 4;

    private static void Write16(MemoryStream to, int value) => to.Write([(byte)(value >> 8), (byte)value]);

    private static void Write32(MemoryStream to, uint value) => to.Write([(byte)(value >> 24), (byte)(value >> 16), (byte)(value >> 8), (byte)value]);
}
