namespace Tender.Bench;

/// <summary>How long and what to measure.</summary>
/// <param name="Only">Parts of measures' names; empty measures all.</param>
internal sealed record Options(bool Quick, string ServerFolder, string EmptyFolder, string BenchFolder, string Pgbench, string Fetched, IReadOnlyList<string> Only)
{
    public int Rounds => Quick ? 3 : 7;

    public TimeSpan Round => TimeSpan.FromSeconds(Quick ? 3 : 6);

    public TimeSpan WarmUp => TimeSpan.FromSeconds(Quick ? 12 : 20);

    public int Samples => Quick ? 200 : 800;

    public int Starts => Quick ? 5 : 11;

    // Fetching Medusa and making its shop takes minutes.
    public bool Wants(string measure) => Only.Count is 0 ? !Quick || measure is not "medusa" : Only.Any(word => measure.Contains(word, StringComparison.OrdinalIgnoreCase));

    public static Options Read(IReadOnlyList<string> words)
    {
        string After(string name) => Path.GetFullPath(words.SkipWhile(word => word != name).Skip(1).FirstOrDefault() ?? throw new ArgumentException($"{name} is missing; start this by bench/run."));
        string[] named = ["--server", "--empty", "--bench", "--pgbench", "--fetched"];
        var only = words.Where((word, i) => !word.StartsWith('-') && (i is 0 || !named.Contains(words[i - 1])));
        return new(words.Contains("--quick"), After("--server"), After("--empty"), After("--bench"), After("--pgbench"), After("--fetched"), [.. only]);
    }
}
