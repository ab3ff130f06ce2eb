using System.Globalization;
using System.Net;
using Tender.Server.Hosting;

namespace Tender.FaultTests;

/// <summary>The database's files can grow no more: nothing is promised that is not on disk, and all goes on when there is room again.</summary>
public sealed class DiskFullTests(DiskFullTests.OwnServer shop) : IClassFixture<DiskFullTests.OwnServer>
{
    // More than the write-ahead log's files, so that tables are what cannot grow.
    private const long TableBytesMin = 17_000_000;

    [Fact]
    public async Task No_success_is_answered_that_is_not_on_disk()
    {
        await (await shop.TenantAsync()).ExecuteAsync("""
            insert into payments (id, mode, amount_minor, currency, status, purpose, presentation, description, created_at, expires_at)
            select 'pay_' || n, 'test', 1, 'usd', 'expired', 'filler', 'hosted', repeat('x', 1000), now(), now() from generate_series(1, 17000) n
            """, null, CancellationToken.None);
        var bytes = await shop.ReadAsync<long>("select pg_relation_size('payments')");
        bytes.ShouldBeGreaterThan(TableBytesMin);

        await shop.LimitFilesAsync(bytes);
        var answers = new List<Answer>();
        for (var i = 0; i < 60; i++) answers.Add(await shop.CreateSessionAsync($"full {i}"));

        var refused = answers.Where(a => a.Status is not HttpStatusCode.Created).ToList();
        refused.ShouldNotBeEmpty();
        refused.ShouldAllBe(a => (int)a.Status >= 500);
        var promised = answers.Where(a => a.Status is HttpStatusCode.Created).Select(a => a.Word("sessionId")).ToList();
        (await shop.ReadAsync<long>("select count(*) from checkout_sessions where id = any(@promised)", new { promised })).ShouldBe(promised.Count);

        await shop.LimitFilesAsync(null);
        for (var i = 0; i < 60; i++)
        {
            var key = $"full {i}";
            // One whose lock could not be taken away on the full disk waits for its end.
            await Shop.UntilAsync($"{key} goes on", async () => (await shop.CreateSessionAsync(key)).Status is HttpStatusCode.Created);
        }

        (await shop.ReadAsync<long>("select count(*) from checkout_sessions")).ShouldBe(60);
        await shop.PaidAsync();
    }

    /// <summary>A shop on a PostgreSQL of its own, whose processes may be told how far a file may grow.</summary>
    public sealed class OwnServer : Shop
    {
        private readonly Lazy<Task<PrivatePostgres>> server = new(() => PrivatePostgres.StartTemporaryAsync());

        public override async Task DisposeAsync()
        {
            await base.DisposeAsync();
            await (await server.Value).DisposeAsync();
        }

        /// <param name="bytes">Null takes the limit away.</param>
        public async Task LimitFilesAsync(long? bytes)
        {
            var postmaster = (await server.Value).ProcessId!.Value;
            foreach (var id in ChildrenOf(postmaster).Append(postmaster))
            {
                // As its own user: root in a container may not. Of those that have ended meanwhile none is left to limit.
                var user = Environment.IsPrivilegedProcess ? UnixUser.ForPostgres() : null;
                await ChildProgram.RunAsync("prlimit", [$"--pid={id}", $"--fsize={(bytes is { } most ? $"{most}" : "unlimited")}:"], user, CancellationToken.None);
            }
        }

        internal override Task<PrivatePostgres> PostgresAsync() => server.Value;

        private static IEnumerable<int> ChildrenOf(int parent) => Directory.EnumerateDirectories("/proc")
            .Select(folder => int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var id) ? id : 0)
            .Where(id => id > 0 && ParentOf(id) == parent);

        private static int? ParentOf(int id)
        {
            try
            {
                var line = File.ReadLines($"/proc/{id}/status").First(l => l.StartsWith("PPid:", StringComparison.Ordinal));
                return int.Parse(line.AsSpan(5), CultureInfo.InvariantCulture);
            }
            catch (IOException)
            {
                return null;
            }
        }
    }
}
