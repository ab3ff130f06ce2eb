using System.Globalization;
using System.Text;

namespace Tender.Server.Hosting;

/// <summary>
/// A name as it may stand in a document, a mail header or a file name: one line, no control characters, nothing that turns the
/// direction of the text around it. Selling never fails because of how somebody is called.
/// </summary>
internal static class OneLine
{
    public static string Of(string? text, int lengthMax = 300)
    {
        var line = new StringBuilder();
        foreach (var rune in (text ?? "").EnumerateRunes())
        {
            var category = Rune.GetUnicodeCategory(rune);
            var isSpace = Rune.IsWhiteSpace(rune);
            if (isSpace && line.Length > 0 && line[^1] != ' ') line.Append(' ');
            if (isSpace || Hidden(category, rune.Value)) continue;
            if (line.Length + rune.Utf16SequenceLength > lengthMax) break;
            line.Append(rune.ToString());
        }

        return line.ToString().TrimEnd();
    }

    /// <summary>Whether it is one already: nothing in it breaks the line or turns the direction of what stands around it.</summary>
    public static bool Is(string text) => text.EnumerateRunes().All(rune => Rune.GetUnicodeCategory(rune) switch
    {
        UnicodeCategory.Control => rune.Value is '\t',
        UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator => false,
        UnicodeCategory.Format => rune.Value is not ((>= 0x202A and <= 0x202E) or (>= 0x2066 and <= 0x2069)),
        _ => true,
    });

    // Joiners stay: emoji and several scripts are written with them.
    private static bool Hidden(UnicodeCategory category, int rune) => category switch
    {
        UnicodeCategory.Control => true,
        UnicodeCategory.Format => rune is not (0x200C or 0x200D),
        _ => false,
    };
}
