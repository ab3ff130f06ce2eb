using System.Collections.Concurrent;
using System.Text;

namespace Tender.Server.Hosting;

/// <summary>Our words on the wire and in the database: AwaitingPayer is awaiting_payer, both ways.</summary>
internal static class Words
{
    private static readonly ConcurrentDictionary<Enum, string> Known = new();

    public static string ToWord(this Enum value) => Known.GetOrAdd(value, static v => Snake(v.ToString()));

    public static T Parse<T>(string word)
        where T : struct, Enum => TryParse<T>(word, out var value) ? value : throw new FormatException($"'{word}' is no {typeof(T).Name}");

    public static bool TryParse<T>(string? word, out T value)
        where T : struct, Enum
    {
        foreach (var candidate in Enum.GetValues<T>())
        {
            if (candidate.ToWord() != word) continue;
            value = candidate;
            return true;
        }

        value = default;
        return false;
    }

    private static string Snake(string name)
    {
        var text = new StringBuilder();
        foreach (var letter in name)
        {
            if (char.IsUpper(letter) && text.Length > 0) text.Append('_');
            text.Append(char.ToLowerInvariant(letter));
        }

        return text.ToString();
    }
}

/// <summary>The words that a text may be.</summary>
internal interface IWordsOf
{
    IReadOnlyList<string> Words { get; }
}

/// <summary>Says that a text in an answer is one of an enumeration's words.</summary>
[AttributeUsage(AttributeTargets.Parameter | AttributeTargets.Property)]
internal sealed class WordsOfAttribute<T> : Attribute, IWordsOf
    where T : struct, Enum
{
    public IReadOnlyList<string> Words { get; } = [.. Enum.GetValues<T>().Select(value => value.ToWord())];
}
