using System.Text;

namespace Tender.Server.Console.Parts;

/// <summary>Element ids that are the same on every rendering, made from what a part is called.</summary>
internal static class PartId
{
    public static string Of(string kind, string name)
    {
        var id = new StringBuilder(kind).Append('-');
        foreach (var letter in name) id.Append(char.IsAsciiLetterOrDigit(letter) ? char.ToLowerInvariant(letter) : '-');
        return id.ToString();
    }
}
