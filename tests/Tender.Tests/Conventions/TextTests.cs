using System.Text.RegularExpressions;

namespace Tender.Tests.Conventions;

public sealed partial class TextTests
{
    // Written so that this file does not match itself.
    private static readonly string[] OfThisMachine = ["/wo" + "rk/", "/ro" + "ot/", "/ho" + "me/", "registry.npm" + "js.org", "api.nu" + "get.org", "TO" + "DO", "FIX" + "ME"];

    [Fact]
    public void Nothing_names_a_machine_a_registry_or_work_left_over() =>
        Allowed.Only("text", from file in Sources.Under("", ".cs", ".razor", ".ts", ".mjs", ".css", ".md", ".json", ".props", ".csproj", ".slnx", ".sh", ".sql", ".yml", "run", "test", ".editorconfig")
                             from word in OfThisMachine
                             where file.Text.Contains(word, StringComparison.Ordinal)
                             select $"{file.Path} {word}");

    [Fact]
    public void Pages_speak_calmly() =>
        Allowed.Only("shouting", Sources.Under("src/Tender.Server", ".razor")
            .Where(page => Oops().IsMatch(page.Text) || Exclamation().IsMatch(Markup(page.Text))).Select(page => page.Path)
            .Concat(from file in Sources.Under("src", ".cs", ".ts")
                    where !file.Path.Contains("wwwroot", StringComparison.Ordinal)
                    from words in Quoted().Matches(file.Text)
                    where Oops().IsMatch(words.Value) || ExclaimedSentence().IsMatch(words.Value)
                    select file.Path));

    // What stands between tags; code and comments speak to the compiler.
    private static string Markup(string page)
    {
        var code = page.IndexOf("@code", StringComparison.Ordinal);
        return CommentOrExpression().Replace(code < 0 ? page : page[..code], "");
    }

    [GeneratedRegex(@"\boops\b|\bwhoops\b|\buh-oh\b", RegexOptions.IgnoreCase)]
    private static partial Regex Oops();

    [GeneratedRegex(@">[^<>@{}]*[A-Za-z]!(?:\s|<|$)")]
    private static partial Regex Exclamation();

    [GeneratedRegex(@"[a-z]{2,}!(?:\s+[A-Z]|$|"")")]
    private static partial Regex ExclaimedSentence();

    [GeneratedRegex(@"@\*[\s\S]*?\*@|<!--[\s\S]*?-->|@\([^)]*\)")]
    private static partial Regex CommentOrExpression();

    [GeneratedRegex("\"(?:\\\\.|[^\"\\\\\\n])*\"")]
    private static partial Regex Quoted();
}
