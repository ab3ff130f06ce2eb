using System.Text;
using Tender.Server.Secrets;

namespace Tender.Tests.Server.Secrets;

/// <summary>Small changes to a token: a character, a bit of its bytes, a member of its header, a part.</summary>
internal static class Mutations
{
    private const string Characters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_=+/. \n\u00e9";

    public static string Mutate(string token, Picks picks) => picks.Next(8) switch
    {
        0 => token.Remove(picks.Next(token.Length), 1),
        1 => token.Insert(picks.Next(token.Length), Characters[picks.Next(Characters.Length)].ToString()),
        2 or 3 => WithCharacter(token, picks.Next(token.Length), Characters[picks.Next(Characters.Length)]),
        4 => WithBit(token, picks),
        5 => WithHeaderByte(token, picks),
        6 => WithPart(token, picks),
        _ => token[..picks.Next(token.Length)],
    };

    private static string WithCharacter(string token, int at, char character) => token[..at] + character + token[(at + 1)..];

    private static string WithBit(string token, Picks picks)
    {
        var parts = token.Split('.');
        int[] full = [0, 2, 3, 4];
        var part = full[picks.Next(full.Length)];
        var bytes = CanonicalBase64Url.TryDecode(parts[part])!;
        bytes[picks.Next(bytes.Length)] ^= (byte)(1 << picks.Next(8));
        parts[part] = CanonicalBase64Url.Encode(bytes);
        return string.Join('.', parts);
    }

    private static string WithHeaderByte(string token, Picks picks)
    {
        var parts = token.Split('.');
        var header = Encoding.UTF8.GetString(CanonicalBase64Url.TryDecode(parts[0])!);
        string[] extra = [" ", "\"", "{", ",", "0", "\\u0041", "\"zip\":\"DEF\",", "\ud800", "null", "true", "\t"];
        parts[0] = CanonicalBase64Url.Encode(Encoding.UTF8.GetBytes(header.Insert(picks.Next(header.Length + 1), extra[picks.Next(extra.Length)])));
        return string.Join('.', parts);
    }

    private static string WithPart(string token, Picks picks)
    {
        var parts = token.Split('.').ToList();
        switch (picks.Next(4))
        {
            case 0: parts.RemoveAt(picks.Next(parts.Count)); break;
            case 1: parts.Insert(picks.Next(parts.Count), "AAAA"); break;
            case 2: parts[picks.Next(parts.Count)] = "AAAA"; break;
            default: (parts[2], parts[4]) = (parts[4], parts[2]); break;
        }

        return string.Join('.', parts);
    }
}

/// <summary>Repeatable picks (xorshift): a failure is the same failure the next time.</summary>
internal sealed class Picks(ulong seed)
{
    private ulong state = seed;

    public int Next(int below)
    {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        return (int)(state % (ulong)below);
    }
}
