namespace Tender.Server.Fulfilment.Papers;

/// <summary>Breaks text into lines that fit a width; a word that is too long for a line is broken too.</summary>
internal static class TextLines
{
    private const string More = "…";

    public static IReadOnlyList<string> Of(string text, PaperFont font, double width, int linesMax)
    {
        var lines = new List<string>();
        foreach (var paragraph in text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            lines.AddRange(Break(paragraph, line => font.WidthOf(line) <= width));
        }

        if (lines.Count <= linesMax) return lines;
        return [.. lines.Take(linesMax - 1), Shortened(lines[linesMax - 1] + More, line => font.WidthOf(line) <= width)];
    }

    private static IEnumerable<string> Break(string paragraph, Func<string, bool> fits)
    {
        var line = "";
        foreach (var word in paragraph.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            var longer = line.Length is 0 ? word : $"{line} {word}";
            if (fits(longer))
            {
                line = longer;
                continue;
            }

            if (line.Length > 0) yield return line;
            line = word;
            while (!fits(line))
            {
                var head = Head(line, fits);
                yield return head;
                line = line[head.Length..];
            }
        }

        if (line.Length > 0) yield return line;
    }

    // Whole characters only: at least one, so that it ends even where nothing fits.
    private static string Head(string word, Func<string, bool> fits)
    {
        var characters = System.Globalization.StringInfo.ParseCombiningCharacters(word);
        var (most, least) = (characters.Length - 1, 1);
        while (least < most)
        {
            var middle = (least + most + 1) / 2;
            if (fits(word[..characters[middle]])) least = middle;
            else most = middle - 1;
        }

        return characters.Length is 1 ? word : word[..characters[least]];
    }

    private static string Shortened(string line, Func<string, bool> fits)
    {
        while (line.Length > More.Length && !fits(line)) line = line[..^(More.Length + 1)].TrimEnd() + More;
        return line;
    }
}
