using System.Globalization;
using System.Text;

namespace Tender.Server.Fulfilment.Papers;

/// <summary>Where a line of text stands to its x.</summary>
internal enum Align
{
    Left,
    Middle,
    Right,
}

/// <summary>A colour of the ink, each part from 0 to 255.</summary>
internal sealed record Ink(byte Red, byte Green, byte Blue)
{
    public override string ToString() => string.Join(' ', new[] { Red, Green, Blue }.Select(part => PdfFile.Number(part / 255.0)));
}

/// <summary>A document of A4 pages under way: ink, hairlines and columns as every paper of ours has them. Lengths are points, y goes down.</summary>
internal sealed class Sheets(string title, string author, DateTimeOffset at)
{
    public const double Width = 595.28;
    public const double Height = 841.89;
    public const double Margin = 56;
    public const double Inner = Width - 2 * Margin;

    public static readonly Ink Black = new(0, 0, 0);
    public static readonly Ink Dark = new(0x1B, 0x1A, 0x18);
    public static readonly Ink Quiet = new(0x6A, 0x67, 0x61);
    public static readonly Ink Pale = new(0xD9, 0xD6, 0xCF);
    public static readonly Ink Green = new(0x1C, 0x5B, 0x3C);
    public static readonly Ink Amber = new(0x9A, 0x5B, 0x00);

    private readonly List<StringBuilder> pages = [];
    private readonly List<(FontFace Face, PdfFont Font)> fonts = [];
    private int current = -1;

    public int Count => pages.Count;

    public void NewPage()
    {
        pages.Add(new());
        current = pages.Count - 1;
    }

    /// <summary>Draws on every page once all of them are there: page numbers.</summary>
    public void OnEveryPage(Action<int> draw)
    {
        for (current = 0; current < pages.Count; current++) draw(current + 1);
        current = pages.Count - 1;
    }

    /// <summary>One line; y is its baseline.</summary>
    public void Text(string text, PaperFont font, Ink ink, double x, double y, Align align = Align.Left)
    {
        var left = align switch
        {
            Align.Right => x - font.WidthOf(text),
            Align.Middle => x - font.WidthOf(text) / 2,
            _ => x,
        };
        Draw($"{ink} rg BT /{NameOf(font.Face)} {PdfFile.Number(font.Size)} Tf {At(left, y)} Td {FontOf(font.Face).Glyphs(text)} Tj ET");
    }

    /// <summary>Wrapped lines; answers the baseline after the last one.</summary>
    public double Block(string text, PaperFont font, Ink ink, double x, double y, double width, double leading, int linesMax = 6)
    {
        foreach (var line in TextLines.Of(text, font, width, linesMax))
        {
            Text(line, font, ink, x, y);
            y += leading;
        }

        return y;
    }

    /// <summary>One line that never passes its width: set smaller where it must be.</summary>
    public void Fitted(string text, PaperFont font, Ink ink, double x, double y, double width, Align align = Align.Left)
    {
        var wide = font.WidthOf(text);
        Text(text, wide > width ? font with { Size = font.Size * width / wide } : font, ink, x, y, align);
    }

    public void Hairline(double y) => Rule(y, Margin, Width - Margin, Pale, 0.6);

    public void Rule(double y, double from, double to, Ink ink, double thickness) =>
        Draw($"{ink} RG {PdfFile.Number(thickness)} w {At(from, y)} m {At(to, y)} l S");

    /// <summary>A filled rectangle from its upper left corner.</summary>
    public void Fill(Ink ink, double x, double y, double width, double height) =>
        Draw($"{ink} rg {At(x, y + height)} {PdfFile.Number(width)} {PdfFile.Number(height)} re f");

    /// <summary>Test mode is unmistakable: a striped band and the word.</summary>
    public void TestBand(string says)
    {
        const double band = 7;
        Draw($"q {At(0, band)} {PdfFile.Number(Width)} {PdfFile.Number(band)} re W n {Amber} RG 4 w");
        for (var x = -band; x < Width + band; x += 12) Draw($"{At(x, band + 2)} m {At(x + band + 4, -2)} l S");
        Draw("Q");
        Text(says, PaperFonts.Strong(8.5), Amber, Width / 2, 24, Align.Middle);
    }

    public byte[] ToBytes()
    {
        var file = new PdfFile();
        var (catalog, tree) = (file.Reserve(), file.Reserve());
        var drawn = pages.ConvertAll(page => file.AddStream("", Encoding.ASCII.GetBytes(page.ToString())));
        var resources = file.Add($"<< /Font << {string.Join(' ', fonts.Select(f => $"/{NameOf(f.Face)} {f.Font.Embed(file)} 0 R"))} >> >>");
        var kids = drawn.ConvertAll(content => file.Add(
            $"<< /Type /Page /Parent {tree} 0 R /MediaBox [0 0 {PdfFile.Number(Width)} {PdfFile.Number(Height)}] /Resources {resources} 0 R /Contents {content} 0 R >>"));
        file.Set(tree, $"<< /Type /Pages /Count {kids.Count} /Kids [{string.Join(' ', kids.Select(kid => $"{kid} 0 R"))}] >>");
        file.Set(catalog, $"<< /Type /Catalog /Pages {tree} 0 R /Lang (en) /ViewerPreferences << /DisplayDocTitle true >> >>");
        var about = file.Add(
            $"<< /Title {PdfFile.Text(title)} /Author {PdfFile.Text(author)} /Producer (Tender) /CreationDate {PdfFile.Date(at)} /ModDate {PdfFile.Date(at)} >>");
        return file.Finish(catalog, about);
    }

    private void Draw(string operators) => pages[current].Append(operators).Append('\n');

    private static string At(double x, double y) => $"{PdfFile.Number(x)} {PdfFile.Number(Height - y)}";

    private PdfFont FontOf(FontFace face)
    {
        if (fonts.FindIndex(f => f.Face == face) is var index and >= 0) return fonts[index].Font;
        fonts.Add((face, new(face)));
        return fonts[^1].Font;
    }

    private string NameOf(FontFace face)
    {
        FontOf(face);
        return string.Create(CultureInfo.InvariantCulture, $"F{fonts.FindIndex(f => f.Face == face) + 1}");
    }
}
