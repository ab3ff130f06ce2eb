using System.Security.Cryptography;

namespace Tender.Server.Fulfilment;

/// <summary>What a ticket's QR code says: 100 random bits, in characters that are not misread and that a QR code packs tightly.</summary>
internal static class TicketCode
{
    private const string Alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    private const int Letters = 20;
    private const int GroupLetters = 5;

    public static string New() => RandomNumberGenerator.GetString(Alphabet, Letters);

    /// <summary>The code in groups, for a person who types it.</summary>
    public static string Spaced(string code) => string.Join(' ', code.Chunk(GroupLetters).Select(group => new string(group)));
}
