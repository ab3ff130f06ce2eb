namespace Tender.Server.Hosting;

/// <summary>Reads a .env file: NAME=value lines, comments, optional quotes and export. Nothing is expanded.</summary>
internal static class DotEnv
{
    public static async Task<IReadOnlyDictionary<string, string>> ReadAsync(string path, CancellationToken cancellation)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        if (!File.Exists(path)) return values;
        var lines = await File.ReadAllLinesAsync(path, cancellation);
        for (var number = 1; number <= lines.Length; number++)
        {
            var line = lines[number - 1].Trim();
            if (line.Length is 0 || line[0] is '#') continue;
            if (line.StartsWith("export ", StringComparison.Ordinal)) line = line[7..].TrimStart();
            var equals = line.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0) throw new CannotStartException($"Line {number} of {path} is not NAME=value.");
            var name = line[..equals].TrimEnd();
            if (!values.TryAdd(name, Value(line[(equals + 1)..].Trim(), number, path))) throw new CannotStartException($"{path} sets {name} twice; keep one.");
        }
        return values;
    }

    private static string Value(string text, int number, string path)
    {
        if (text.Length > 0 && text[0] is '"' or '\'')
        {
            var end = text.IndexOf(text[0], 1);
            if (end < 0) throw new CannotStartException($"Line {number} of {path} opens a quote and does not close it.");
            return text[1..end];
        }
        var comment = text.IndexOf(" #", StringComparison.Ordinal);
        return comment < 0 ? text : text[..comment].TrimEnd();
    }
}
