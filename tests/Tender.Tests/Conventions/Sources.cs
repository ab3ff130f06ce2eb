using System.Text.RegularExpressions;

namespace Tender.Tests.Conventions;

/// <summary>The repository's own files, as the conventions look at them.</summary>
internal static partial class Sources
{
    private static readonly string[] NotOurs = ["bin", "obj", "node_modules", "artefacts", "data", ".git", "TestResults", "results"];

    /// <summary>Files under a folder whose names end so; nothing that was built, fetched or measured.</summary>
    public static IEnumerable<SourceFile> Under(string folder, params string[] endings) =>
        Walk(new DirectoryInfo(Path.Combine(Repository.Root, folder)))
            .Where(file => endings.Length is 0 || endings.Any(ending => file.FullName.EndsWith(ending, StringComparison.Ordinal)))
            .Select(file => new SourceFile(Path.GetRelativePath(Repository.Root, file.FullName), File.ReadAllText(file.FullName)));

    public static IEnumerable<string> FoldersUnder(string folder) =>
        Folders(new DirectoryInfo(Path.Combine(Repository.Root, folder))).Select(found => Path.GetRelativePath(Repository.Root, found.FullName));

    /// <summary>The same text without comments and the insides of strings; every line keeps its number.</summary>
    public static string WithoutWords(string code) => Words().Replace(code, found => found.Value[0] switch
    {
        '/' => NotNewLine().Replace(found.Value, " "),
        _ => "\"" + NotNewLine().Replace(found.Value[1..], " ") + "\"",
    });

    private static IEnumerable<FileInfo> Walk(DirectoryInfo folder) =>
        !folder.Exists ? [] : Folders(folder).Append(folder).SelectMany(inside => inside.EnumerateFiles());

    private static IEnumerable<DirectoryInfo> Folders(DirectoryInfo folder) =>
        folder.EnumerateDirectories().Where(inside => !NotOurs.Contains(inside.Name)).SelectMany(inside => Folders(inside).Prepend(inside));

    // Raw strings, verbatim strings, strings, characters, block comments, line comments.
    [GeneratedRegex("""
        \$*\"{3,}[\s\S]*?\"{3,}|[$@]*@[$]?"(?:[^"]|"")*"|\$?"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])+'|/\*[\s\S]*?\*/|//[^\n]*
        """, RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Words();

    [GeneratedRegex("[^\n]")]
    private static partial Regex NotNewLine();
}

/// <summary>One file of the repository.</summary>
internal sealed record SourceFile(string Path, string Text)
{
    public string Code => Sources.WithoutWords(Text);

    public int Lines => Text.AsSpan().Count('\n');

    public override string ToString() => Path;
}
