using System.Diagnostics;
using System.Net;
using System.Text.RegularExpressions;
using Tender.FaultTests;
using Tender.JourneyTests.Checkout;
using Tender.Tests;

namespace Tender.JourneyTests.PaidAccess;

/// <summary>
/// docs/paid-access.md as a newcomer follows it: its shell lines are run by bash, as they stand, against a running installation, and each must print
/// what the document says behind its arrow.
/// </summary>
[Collection(nameof(OneAccessSite))]
public sealed partial class GuideTests(HostedSite site)
{
    private const string Mark = "=== ";

    [Fact]
    public async Task Every_line_of_the_guide_prints_what_the_guide_says()
    {
        var lines = (await LinesAsync("README.md")).Where(line => Preparing().IsMatch(line)).Concat(await BlocksAsync("docs/paid-access.md")).ToList();

        // Its user has bought before, and kept the key.
        var before = lines.TakeWhile(line => !line.StartsWith("# 6.", StringComparison.Ordinal));
        var printed = await RunAsync([.. before, .. lines.SelectMany(Marked), $"echo '{Mark}'; echo \"$CONVERSATION $SESSION $ID $BOUGHT\""]);

        var claims = lines.Select(ClaimOf).OfType<string>().ToList();
        claims.Count.ShouldBeGreaterThanOrEqualTo(8);
        printed.Count.ShouldBe(claims.Count + 2);
        foreach (var (claim, said) in claims.Zip(printed.Skip(1)))
            foreach (var word in Words().Matches(claim).Select(match => match.Value)) Words().Matches(said).Select(match => match.Value).ShouldContain(word, $"{claim} {said}");
        await HappenedAsync(printed[^1].Trim().Split(' '));
    }

    // What the source's guide has one look up in the database.
    private async Task HappenedAsync(string[] named)
    {
        named.Length.ShouldBe(4);
        var (conversation, session, id, key) = (named[0], named[1], named[2], named[3]);
        (await site.Tender.ReadAsync<string>("select payment_status from conversations where id = @conversation", new { conversation })).ShouldBe("paid");
        (await site.Tender.ReadAsync<string>("select status from orders where conversation_id = @conversation and provider_session_id is not null", new { conversation })).ShouldBe("completed");
        (await site.Tender.ReadAsync<long>("select count(*) from conversations where id = @conversation and provider_session_id = @session", new { conversation, session })).ShouldBe(1);
        (await site.Tender.ReadAsync<bool>("select sealed_key is null and revealed_at is not null and revoked_at is not null from key_reveals where key_id = @id", new { id })).ShouldBeTrue();
        key.ShouldMatch("^sk_[0-9a-f]{64}$");
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/api-keys") { Headers = { Authorization = new("Bearer", key) } };
        (await Answer.ReadAsync(await site.Tender.Api.SendAsync(request))).Status.ShouldBe(HttpStatusCode.Unauthorized);
    }

    // What was printed before the first mark, and after each.
    private async Task<IReadOnlyList<string>> RunAsync(IReadOnlyList<string> script)
    {
        var folder = Directory.CreateTempSubdirectory("tender-guide-");
        try
        {
            // Beside data/, as in the folder that ./run was started in.
            Directory.CreateSymbolicLink(Path.Combine(folder.FullName, "data"), site.Tender.Settings.DataFolder);
            var text = string.Join('\n', script).Replace("http://localhost:3000", site.Tender.Demo.BaseUrl, StringComparison.Ordinal);
            await File.WriteAllTextAsync(Path.Combine(folder.FullName, "guide.sh"), text);
            using var bash = Process.Start(new ProcessStartInfo("timeout", ["60", "bash", "-eu", "guide.sh"]) { UseShellExecute = false, WorkingDirectory = folder.FullName, RedirectStandardOutput = true, RedirectStandardError = true })!;
            var (output, errors) = (bash.StandardOutput.ReadToEndAsync(), bash.StandardError.ReadToEndAsync());
            await bash.WaitForExitAsync();
            bash.ExitCode.ShouldBe(0, $"{await output}\n{await errors}");
            return (await output).Split(Mark);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static IEnumerable<string> Marked(string line) => ClaimOf(line) is null ? [line] : [$"echo '{Mark}'", line];

    private static string? ClaimOf(string line) => line.Split("# → ") is [_, var claim] ? claim : null;

    // Every second piece between fences is a block.
    private static async Task<IEnumerable<string>> BlocksAsync(string file) =>
        string.Join('\n', await LinesAsync(file)).Split("```").Where((_, place) => place % 2 is 1).SelectMany(block => block.Split('\n'));

    private static Task<string[]> LinesAsync(string file) => File.ReadAllLinesAsync(Path.Combine(Repository.Root, file));

    [GeneratedRegex("^(value\\(\\)|KEY=)")]
    private static partial Regex Preparing();

    [GeneratedRegex("\\w+")]
    private static partial Regex Words();
}
