using System.Text.RegularExpressions;

namespace Tender.Tests.Conventions;

/// <summary>Finds methods in C# text by their braces: no compiler, but enough to count lines.</summary>
internal static partial class Members
{
    /// <summary>Methods, constructors, operators and accessors-less members with a parameter list, with their length in lines.</summary>
    public static IEnumerable<(string Name, int Lines)> Methods(SourceFile file)
    {
        var code = file.Code;
        var types = new Stack<int>();
        var depth = 0;
        var start = 0;
        var parens = 0;
        for (var i = 0; i < code.Length; i++)
        {
            switch (code[i])
            {
                case '(' or '[': parens++; break;
                case ')' or ']': parens--; break;
                case '{' when depth == types.Count && IsType(code[start..i]):
                    types.Push(depth++);
                    start = i + 1;
                    break;
                case '{': depth++; break;
                case '}' when types.Count > 0 && depth == types.Count:
                    types.Pop();
                    depth--;
                    start = i + 1;
                    break;
                case '}':
                    depth--;
                    if (depth == types.Count && parens is 0 && !IsExpression(code[start..i]))
                    {
                        if (Read(code[start..(i + 1)]) is { } method) yield return method;
                        start = i + 1;
                    }
                    break;
                case ';' when depth == types.Count && parens is 0:
                    if (Read(code[start..(i + 1)]) is { } member) yield return member;
                    start = i + 1;
                    break;
            }
        }
    }

    // A type's own word stands before its parameters; behind a method's it is a constraint.
    private static bool IsType(string header) => TypeWord().IsMatch(BeforeBody(header).Split('(')[0]) && !header.Contains("=>", StringComparison.Ordinal);

    // Its braces belong to an expression, which ends with a semicolon.
    private static bool IsExpression(string member) => Head(member).Body is ['=', ..];

    private static (string Name, int Lines)? Read(string member)
    {
        var text = Attributes().Replace(member.Trim(), "").TrimStart();
        var (head, rest) = Head(text);
        if (rest.Length is 0 || rest[0] is ';' || rest.StartsWith("= ", StringComparison.Ordinal) || !head.Contains('(', StringComparison.Ordinal)) return null;
        return (NameBeforeParameters().Match(head).Groups[1].Value, text.AsSpan().Count('\n') + 1);
    }

    private static (string Head, string Body) Head(string member)
    {
        var text = Attributes().Replace(member.Trim(), "").TrimStart();
        var end = BodyStart().Match(text);
        return end.Success ? (text[..end.Index], text[end.Index..]) : (text, "");
    }

    private static string BeforeBody(string header) => Attributes().Replace(header.Trim(), "");

    [GeneratedRegex("""\b(class|struct|record|interface|enum|namespace|extension)\b""")]
    private static partial Regex TypeWord();

    [GeneratedRegex("""^(\s*\[(?:[^\[\]]|\[[^\]]*\])*\])+""")]
    private static partial Regex Attributes();

    // The first brace, arrow, equals sign or semicolon that is not inside the parameter list (defaults have equals signs).
    [GeneratedRegex("""(?<=^[^()]*(\((?>[^()]+|\((?<d>)|\)(?<-d>))*(?(d)(?!))\)[^()]*)*)(=>|=(?!=)|\{|;)""")]
    private static partial Regex BodyStart();

    [GeneratedRegex("""([\w.]+)(?:<[^()<>]*>)?\s*\(""")]
    private static partial Regex NameBeforeParameters();
}
