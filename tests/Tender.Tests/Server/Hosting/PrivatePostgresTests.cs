using System.Diagnostics;
using Npgsql;
using Tender.Server.Hosting;

namespace Tender.Tests.Server.Hosting;

public sealed class PrivatePostgresTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("tender-");

    // Open to other users, as an ordinary data folder is: as root the server belongs to one of them.
    public PrivatePostgresTests() => File.SetUnixFileMode(folder.FullName, (UnixFileMode)0b111_101_101);

    [Fact]
    public async Task It_starts_durable_in_UTF8_with_a_password_and_stops_with_its_last_user()
    {
        int? pid;
        await using (var postgres = await PrivatePostgres.StartAsync(folder.FullName))
        {
            pid = postgres.ProcessId;
            (await Ask(postgres, "show fsync")).ShouldBe("on");
            (await Ask(postgres, "show synchronous_commit")).ShouldBe("on");
            (await Ask(postgres, "show full_page_writes")).ShouldBe("on");
            (await Ask(postgres, "show server_encoding")).ShouldBe("UTF8");
            (await Ask(postgres, "show listen_addresses")).ShouldBe("");
            (await Ask(postgres, "select datcollate from pg_database where datname = 'postgres'")).ShouldBe("C");

            var guess = new NpgsqlConnectionStringBuilder(postgres.ConnectionString) { Password = "guess" }.ConnectionString;
            var refused = await Should.ThrowAsync<PostgresException>(() => Ask(guess, "select 1"));
            refused.SqlState.ShouldBe(PostgresErrorCodes.InvalidPassword);
        }

        IsAlive(pid).ShouldBeFalse();
        File.GetUnixFileMode(Path.Combine(folder.FullName, "postgres.password")).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    [Fact]
    public async Task A_second_process_shares_it_and_the_last_one_out_stops_it()
    {
        var first = await PrivatePostgres.StartAsync(folder.FullName);
        var second = await PrivatePostgres.StartAsync(folder.FullName);
        second.ProcessId.ShouldBe(first.ProcessId);
        var pid = first.ProcessId;

        await first.DisposeAsync();
        (await Ask(second, "select 'still here'")).ShouldBe("still here");

        await second.DisposeAsync();
        IsAlive(pid).ShouldBeFalse();
    }

    [Fact]
    public async Task What_was_committed_is_there_after_the_server_is_killed()
    {
        await using (var before = await PrivatePostgres.StartAsync(folder.FullName))
        {
            await Ask(before, "create table kept (what text)");
            await Ask(before, "insert into kept values ('money')");
            Process.GetProcessById(before.ProcessId!.Value).Kill();

            await using var after = await PrivatePostgres.StartAsync(folder.FullName);
            (await Ask(after, "select what from kept")).ShouldBe("money");
        }
    }

    [Fact]
    public async Task A_stale_process_id_that_now_belongs_to_another_program_is_no_hindrance()
    {
        await using (await PrivatePostgres.StartAsync(folder.FullName)) { }
        var cluster = (await ClusterOf(folder.FullName)).FullName;
        await File.WriteAllTextAsync(Path.Combine(cluster, "postmaster.pid"), $"{Environment.ProcessId}\n{cluster}\n1\n5432\n");

        await using var postgres = await PrivatePostgres.StartAsync(folder.FullName);

        (await Ask(postgres, "select 'well'")).ShouldBe("well");
    }

    [Fact]
    public async Task A_data_folder_with_a_long_name_gets_its_socket_elsewhere()
    {
        var deep = folder.CreateSubdirectory(new string('a', 60)).CreateSubdirectory(new string('b', 60));

        await using var postgres = await PrivatePostgres.StartAsync(deep.FullName);

        (await Ask(postgres, "select 'well'")).ShouldBe("well");
    }

    [Fact]
    public async Task A_folder_that_others_may_not_enter_works_as_well()
    {
        File.SetUnixFileMode(folder.FullName, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);

        await using var postgres = await PrivatePostgres.StartAsync(folder.FullName);

        (await Ask(postgres, "select 'well'")).ShouldBe("well");
    }

    [Fact]
    public async Task A_temporary_one_leaves_nothing_behind()
    {
        var postgres = await PrivatePostgres.StartTemporaryAsync();
        var pid = postgres.ProcessId;
        var sockets = new NpgsqlConnectionStringBuilder(postgres.ConnectionString).Host!;

        await postgres.DisposeAsync();

        IsAlive(pid).ShouldBeFalse();
        Directory.Exists(sockets).ShouldBeFalse();
    }

    public void Dispose()
    {
        var elsewhere = Path.Combine(folder.FullName, "postgres.location");
        if (File.Exists(elsewhere)) Directory.Delete(File.ReadAllText(elsewhere).Trim(), recursive: true);
        folder.Delete(recursive: true);
    }

    private static async Task<DirectoryInfo> ClusterOf(string data)
    {
        var elsewhere = Path.Combine(data, "postgres.location");
        var home = File.Exists(elsewhere) ? (await File.ReadAllTextAsync(elsewhere)).Trim() : Path.Combine(data, "postgres");
        return new DirectoryInfo(Path.Combine(home, "cluster"));
    }

    private static Task<string?> Ask(PrivatePostgres postgres, string sql) => Ask(postgres.ConnectionString, sql);

    private static async Task<string?> Ask(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(connectionString + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return (await command.ExecuteScalarAsync()) as string;
    }

    // One that ended but whom nobody has buried yet has no folder any more.
    private static bool IsAlive(int? pid) => new FileInfo($"/proc/{pid}/cwd") is { } cwd && Directory.Exists($"/proc/{pid}") && cwd.LinkTarget is not null;
}
