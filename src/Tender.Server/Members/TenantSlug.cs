using System.Globalization;
using System.Text;

namespace Tender.Server.Members;

/// <summary>A tenant's name as it stands in addresses.</summary>
internal static class TenantSlug
{
    private const int CharsMax = 40;

    /// <summary>Small letters, digits and hyphens; null when nothing of the name is left.</summary>
    public static string? Of(string name)
    {
        var slug = new StringBuilder();
        foreach (var letter in name.Normalize(NormalizationForm.FormD).ToLowerInvariant())
        {
            if (char.IsAsciiLetterOrDigit(letter)) slug.Append(letter);
            else if (char.GetUnicodeCategory(letter) is not UnicodeCategory.NonSpacingMark && slug is [.., not '-']) slug.Append('-');
            if (slug.Length >= CharsMax) break;
        }

        return slug.ToString().Trim('-') is { Length: > 0 } text ? text : null;
    }
}
