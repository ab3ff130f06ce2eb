namespace Tender.Server.Members;

/// <summary>Base32 without padding (RFC 4648), as authenticator apps take keys.</summary>
internal static class Base32
{
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    public static byte[] Decode(string text)
    {
        var bytes = new byte[text.Length * 5 / 8];
        var (held, bits, written) = (0, 0, 0);
        foreach (var letter in text)
        {
            var value = Alphabet.IndexOf(letter, StringComparison.Ordinal);
            if (value < 0) throw new FormatException("no base32");
            held = ((held << 5) | value) & 0xFFFF;
            bits += 5;
            if (bits < 8) continue;
            bits -= 8;
            bytes[written++] = (byte)(held >> bits);
        }

        return bytes;
    }
}
