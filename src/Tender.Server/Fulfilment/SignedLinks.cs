using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.WebUtilities;

namespace Tender.Server.Fulfilment;

/// <summary>
/// Links that let whoever holds them fetch one thing until a day: HMAC-SHA256 over what it is, its id and the day. Nothing is stored,
/// so every node can check every link.
/// </summary>
/// <param name="key">Known to the servers alone; another key makes all earlier links void.</param>
internal sealed class SignedLinks(byte[] key, Uri frontendUrl, TimeProvider time)
{
    private const int DaysValid = 30;
    private const int SignatureCharacters = 43;
    private readonly string root = frontendUrl.ToString().TrimEnd('/');

    /// <summary>All tickets of the payment that this ticket belongs to, as one PDF.</summary>
    public string Ticket(string ticketId) => Make(Linked.Tickets, ticketId);

    /// <summary>An invoice or a credit note.</summary>
    public string Invoice(string documentId) => Make(Linked.Document, documentId);

    /// <summary>A file that was bought.</summary>
    public string Download(string fulfilmentId) => Make(Linked.Download, fulfilmentId);

    /// <summary>The page a payer of paid access comes back to.</summary>
    public string Access(string paymentId) => Make(Linked.Access, paymentId);

    /// <summary>Until when a link made now is good: the end of a day, so that asking again on the same day gives the same link.</summary>
    public DateTimeOffset ValidUntil => new(time.GetUtcNow().UtcDateTime.Date.AddDays(DaysValid + 1), TimeSpan.Zero);

    /// <summary>Whether the link is ours and still good. One that was never ours is not told that it is late.</summary>
    public LinkProof Check(Linked what, string id, string? expires, string? signature)
    {
        if (signature is not { Length: SignatureCharacters } || !long.TryParse(expires, NumberStyles.None, CultureInfo.InvariantCulture, out var until)) return LinkProof.Forged;
        var right = Encoding.ASCII.GetBytes(Sign(what, id, until));
        if (!CryptographicOperations.FixedTimeEquals(right, Encoding.UTF8.GetBytes(signature))) return LinkProof.Forged;
        return time.GetUtcNow().ToUnixTimeSeconds() < until ? LinkProof.Good : LinkProof.Expired;
    }

    private string Make(Linked what, string id)
    {
        var until = ValidUntil.ToUnixTimeSeconds();
        var path = what switch
        {
            Linked.Tickets => $"api/v1/tickets/{Uri.EscapeDataString(id)}/download",
            Linked.Document => $"api/v1/invoices/{Uri.EscapeDataString(id)}/download",
            Linked.Access => $"access/{Uri.EscapeDataString(id)}",
            _ => $"api/v1/downloads/{Uri.EscapeDataString(id)}/download",
        };
        return $"{root}/{path}?expires={until}&signature={Sign(what, id, until)}";
    }

    private string Sign(Linked what, string id, long until) =>
        WebEncoders.Base64UrlEncode(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes($"{what}\n{id}\n{until.ToString(CultureInfo.InvariantCulture)}")));
}

/// <summary>What a link lets its holder fetch.</summary>
internal enum Linked
{
    Tickets,
    Ticket,
    Document,
    Download,
    Access,
}

/// <summary>What became of checking a link.</summary>
internal enum LinkProof
{
    Forged,
    Expired,
    Good,
}
