using Npgsql;
using Tender.Server.Tenancy;

namespace Tender.Tests.Server.Tenancy;

public sealed class SharedWritesTests : IAsyncLifetime
{
    private const string Insert = "insert into notes (id, text, at, extra) values (@Id, upper(@Text), @At, coalesce(@Extra::jsonb, '{}'))";
    private OwnerDb owner = null!;
    private TenantDb db = null!;

    public async Task InitializeAsync()
    {
        owner = await TestDatabases.NewOwnerAsync();
        db = await TestDatabases.NewTenantAsync(owner, "acme00");
        await db.ExecuteAsync("create table notes (id text primary key, text text not null, at timestamptz, extra jsonb, place bigint generated always as identity)", null, default);
        await db.ExecuteAsync("create table sums (id text primary key, total bigint not null check (total >= 0))", null, default);
        await db.ExecuteAsync("insert into sums values ('a', 10)", null, default);
    }

    public Task DisposeAsync()
    {
        owner.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task What_many_write_at_once_is_all_there_and_each_row_is_its_own()
    {
        var at = new DateTimeOffset(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

        await Task.WhenAll(Enumerable.Range(0, 200).Select(i => db.WriteSharedAsync(Note($"n{i}", $"word {i}", i % 2 is 0 ? at.AddMinutes(i) : null, i % 3 is 0 ? $$"""{"i":{{i}}}""" : null), default)));

        var rows = await db.QueryAsync<(string Id, string Text, DateTime? At, string Extra)>("select id, text, at, extra::text from notes order by place", null, default);
        rows.Count.ShouldBe(200);
        foreach (var (id, text, when, extra) in rows)
        {
            var i = int.Parse(id.AsSpan(1), System.Globalization.CultureInfo.InvariantCulture);
            text.ShouldBe($"WORD {i}");
            when.ShouldBe(i % 2 is 0 ? at.AddMinutes(i).UtcDateTime : null);
            extra.ShouldBe(i % 3 is 0 ? $$"""{"i": {{i}}}""" : "{}");
        }
    }

    [Fact]
    public async Task They_share_commits()
    {
        await db.WriteSharedAsync(Note("first", "x"), default);
        var before = await CommitsAsync();

        await Task.WhenAll(Enumerable.Range(0, 200).Select(i => db.WriteSharedAsync(Note($"n{i}", "x"), default)));

        (await CommitsAsync() - before).ShouldBeLessThan(100);
    }

    [Fact]
    public async Task Nobody_fails_for_another()
    {
        await db.WriteSharedAsync(Note("taken", "x"), default);

        var writes = Enumerable.Range(0, 50).Select(i => db.WriteSharedAsync(Note(i is 7 or 30 ? "taken" : $"n{i}", "x"), default)).ToList();

        for (var i = 0; i < 50; i++)
        {
            var write = writes[i];
            if (i is 7 or 30) (await Should.ThrowAsync<PostgresException>(() => write)).SqlState.ShouldBe(PostgresErrorCodes.UniqueViolation);
            else await write;
        }

        (await db.QuerySingleOrDefaultAsync<long>("select count(*) from notes", null, default)).ShouldBe(49);
    }

    // Half of a letter is refused before it is sent, the others by PostgreSQL.
    [Theory]
    [InlineData("half of a letter")]
    [InlineData("a zero character")]
    [InlineData("more than an index takes")]
    public async Task Nobody_fails_for_what_another_has_and_no_database_takes(string what)
    {
        var (id, text) = what switch
        {
            "half of a letter" => ("n7", "\ud83d"),
            "a zero character" => ("n7", "\0"),
            _ => (System.Security.Cryptography.RandomNumberGenerator.GetHexString(20_000), "x"),
        };
        var writes = Enumerable.Range(0, 20).Select(i => db.WriteSharedAsync(i is 7 ? Note(id, text) : Note($"n{i}", "x"), default)).ToList();

        for (var i = 0; i < 20; i++)
        {
            var write = writes[i];
            if (i is 7) await Should.ThrowAsync<Exception>(() => write);
            else await write;
        }

        (await db.QuerySingleOrDefaultAsync<long>("select count(*) from notes", null, default)).ShouldBe(19);
    }

    [Fact]
    public async Task A_batch_is_whole_or_not_at_all_however_it_was_shared()
    {
        var writes = Enumerable.Range(0, 20).Select(i => db.WriteSharedAsync(
            Note($"n{i}", "x").Add("update sums set total = total - @Minor where id = @Id", new { Id = "a", Minor = 1L }), default)).ToList();

        (await Task.WhenAll(writes.Select(HoldsAsync))).Count(holds => holds).ShouldBe(10);
        (await db.QuerySingleOrDefaultAsync<long>("select count(*) from notes", null, default)).ShouldBe(10);
        (await db.QuerySingleOrDefaultAsync<long>("select total from sums", null, default)).ShouldBe(0);
    }

    [Fact]
    public async Task Neighbours_that_are_alike_keep_their_order()
    {
        await Task.WhenAll(Enumerable.Range(0, 30).Select(i =>
        {
            var batch = Note($"{i}-a", "x");
            foreach (var next in "bcd") batch.Add(Insert, new { Id = $"{i}-{next}", Text = "x", At = (DateTimeOffset?)null, Extra = (string?)null });
            return db.WriteSharedAsync(batch, default);
        }));

        var ids = await db.QueryAsync<string>("select id from notes order by place", null, default);
        ids.Count.ShouldBe(120);
        foreach (var one in ids.GroupBy(id => id.Split('-')[0])) string.Concat(one.Select(id => id[^1])).ShouldBe("abcd");
    }

    [Fact]
    public async Task Statements_that_build_on_each_other_stay_together()
    {
        await Task.WhenAll(Enumerable.Range(0, 40).Select(i => db.WriteSharedAsync(new Batch()
            .Add("update sums set total = total + @Minor where id = @Id", new { Id = "a", Minor = 1L })
            .Add("insert into notes (id, text) select @Id, total::text from sums where id = 'a'", new { Id = $"n{i}" }), default)));

        (await db.QueryAsync<long>("select text::bigint from notes order by 1", null, default)).ShouldBe(Enumerable.Range(11, 40).Select(n => (long)n));
    }

    [Fact]
    public async Task Who_hangs_up_takes_back_what_is_not_being_written_yet_and_nothing_else()
    {
        using var caller = new CancellationTokenSource();
        Task begun, waiting, other;
        await using (var locking = await db.Source.OpenConnectionAsync())
        await using (var transaction = await locking.BeginTransactionAsync())
        {
            await using (var command = new NpgsqlCommand("lock table notes in exclusive mode", locking)) await command.ExecuteNonQueryAsync();
            begun = db.WriteSharedAsync(Note("begun", "x"), caller.Token);
            await TestDatabases.SomebodyWaitsAsync(db);
            waiting = db.WriteSharedAsync(Note("waiting", "x"), caller.Token);
            other = db.WriteSharedAsync(Note("other", "x"), default);

            await caller.CancelAsync();

            await Should.ThrowAsync<OperationCanceledException>(() => begun);
            await Should.ThrowAsync<OperationCanceledException>(() => waiting);
        }

        await other;
        (await db.QueryAsync<string>("select id from notes order by place", null, default)).ShouldBe(["begun", "other"]);
    }

    [Fact]
    public async Task What_is_written_for_many_runs_in_the_context_of_none_of_them()
    {
        var caller = new AsyncLocal<string?>();
        var seen = new List<string?>();
        var writes = new SharedWrites<int>(rows =>
        {
            seen.Add(caller.Value);
            return Task.CompletedTask;
        });

        caller.Value = "first";
        await writes.AddAsync(1, default);
        caller.Value = "second";
        await Task.WhenAll(writes.AddAsync(2, default), writes.AddAsync(3, default));

        seen.ShouldNotBeEmpty();
        seen.ShouldAllBe(value => value == null);
    }

    private static async Task<bool> HoldsAsync(Task write)
    {
        try
        {
            await write;
            return true;
        }
        catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.CheckViolation)
        {
            return false;
        }
    }

    private static Batch Note(string id, string text, DateTimeOffset? at = null, string? extra = null) =>
        new Batch().Add(Insert, new { Id = id, Text = text, At = at, Extra = extra });

    private Task<long> CommitsAsync() => db.QuerySingleOrDefaultAsync<long>("select pg_current_xact_id()::text::bigint", null, default);
}
