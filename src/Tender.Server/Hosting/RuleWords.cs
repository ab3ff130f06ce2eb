using System.Text.RegularExpressions;

namespace Tender.Server.Hosting;

/// <summary>What .NET's own rules say of a wrong field, in a caller's words, and without C#'s name for the field, which stands beside it already.</summary>
internal static class RuleWords
{
    // The sentences of .NET 10's own attributes. The order counts.
    private static readonly (Regex Said, string Words)[] Rules =
    [
        (new("^The .+ field is required$"), "is required"),
        (new("must be a string with a minimum length of (\\d+) and a maximum length of (\\d+)$"), "must have $1 to $2 characters"),
        (new("must be a string with a maximum length of (\\d+)$"), "must have at most $1 characters"),
        (new("must be a string or array type with a minimum length of '1'$"), "must have at least 1 entry"),
        (new("must be a string or array type with a minimum length of '(\\d+)'$"), "must have at least $1 entries"),
        (new("must be a string or array type with a maximum length of '(\\d+)'$"), "must have at most $1 entries"),
        (new("^The field .+ must be between (-?\\d+) and (-?\\d+)$"), "must be a whole number from $1 to $2"),
    ];

    /// <summary>To stand behind the field's name: must have at most 500 characters.</summary>
    public static string Of(string sentence)
    {
        var said = sentence.TrimEnd('.');
        foreach (var (pattern, words) in Rules)
        {
            if (pattern.Match(said) is { Success: true } match) return match.Result(words);
        }

        return said;
    }
}
