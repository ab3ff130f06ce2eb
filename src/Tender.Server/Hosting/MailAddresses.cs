using System.Net.Mail;

namespace Tender.Server.Hosting;

/// <summary>Which addresses mail is sent to.</summary>
internal static class MailAddresses
{
    private const int CharactersMax = 254;

    /// <summary>A plain address, safe on the wire of SMTP and in a header; null for anything else.</summary>
    public static string? Plain(string? text)
    {
        if (text is not { Length: > 2 and <= CharactersMax } || text.Any(c => c is <= ' ' or '<' or '>' or '"' or '(' or ')' or ',' or ':' or ';' or '\\' or '\x7f')) return null;
        return MailAddress.TryCreate(text, out var address) && address.Address == text && text.Count(c => c is '@') is 1 ? text : null;
    }
}
