namespace Tender.Tests.Conventions;

/// <summary>
/// What breaks a convention for a reason: exceptions.txt, one "rule | where | why" a line. It may only shrink: an entry that
/// nothing needs any more fails as well.
/// </summary>
internal static class Allowed
{
    private static readonly (string Rule, string Where, string Why)[] Entries =
        [.. File.ReadLines(Path.Combine(Repository.Root, "tests/Tender.Tests/Conventions/exceptions.txt"))
            .Where(line => line.Length > 0 && line[0] is not '#')
            .Select(line => line.Split('|', StringSplitOptions.TrimEntries) is [var rule, var where, { Length: > 0 } why] ? (rule, where, why) : throw new FormatException(line))];

    /// <summary>Fails for every place found that has no entry, and for every entry that found no place.</summary>
    public static void Only(string rule, IEnumerable<string> found)
    {
        var places = found.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        var allowed = Entries.Where(entry => entry.Rule == rule).Select(entry => entry.Where).ToList();

        places.Except(allowed).ShouldBeEmpty($"{rule}: mend these, or give each a line in Conventions/exceptions.txt that says why");
        allowed.Except(places).ShouldBeEmpty($"{rule}: these exceptions are no longer needed; take them out");
    }
}
