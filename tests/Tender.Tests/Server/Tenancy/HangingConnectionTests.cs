using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Npgsql;
using Tender.Domain.Providers;
using Tender.Server.Hosting;
using Tender.Server.Tenancy;
using Tender.Server.Webhooks.In;

namespace Tender.Tests.Server.Tenancy;

/// <summary>A failover that closes nothing: connections hang, while the database is back for whoever opens a new one.</summary>
public sealed class HangingConnectionTests
{
    private static readonly TimeSpan LongEnough = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task They_hold_no_shared_write_for_long_and_only_one_round_of_them()
    {
        using var owner = await TestDatabases.NewOwnerAsync();
        var direct = await TestDatabases.NewTenantAsync(owner, "acme00");
        await direct.ExecuteAsync("create table notes (id text primary key)", null, default);
        await using var failover = new Failover(await TestDatabases.ConnectionStringAsync(direct));
        var server = new DatabaseServer(failover.ConnectionString);
        await using var source = server.OpenTenant(direct.Tenant.Database);
        var db = new TenantDb(direct.Tenant, source, server.Busy);
        var inbox = new Inbox(TimeProvider.System);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => db.QueryAsync<int>("select 1 from pg_sleep(0.2)", null, default)));

        failover.Hang();
        var held = new[] { db.WriteSharedAsync(Note("held"), default), inbox.AddAsync(db, News("evt_held"), default) };

        foreach (var one in held) Outages.Explain(await Should.ThrowAsync<NpgsqlException>(() => one.WaitAsync(LongEnough))).ShouldBe(Outages.Away);
        // The other connections hang as well: nobody is to find that out one by one.
        await Task.WhenAll(db.WriteSharedAsync(Note("next"), default), inbox.AddAsync(db, News("evt_next"), default)).WaitAsync(TimeSpan.FromSeconds(3));
        (await direct.QueryAsync<string>("select id from notes union all select event_id from provider_events order by 1", null, default)).ShouldBe(["evt_next", "next"]);
    }

    private static Batch Note(string id) => new Batch().Add("insert into notes (id) values (@Id)", new { Id = id });

    private static Inbox.Row News(string id) => new("con_acme00_1", id, "x", null, "{}", [], TestClock.Noon, null, null, new WebhookReading.Irrelevant(id, "x"));

    /// <summary>Stands before the server; what is open when it hangs stays open and is not carried on.</summary>
    private sealed class Failover : IAsyncDisposable
    {
        private readonly TcpListener listener = new(IPAddress.Loopback, 0);
        private readonly CancellationTokenSource over = new();
        private readonly ConcurrentBag<Socket> open = [];
        private readonly Task accepting;
        private CancellationTokenSource hangs = new();

        public Failover(string connectionString)
        {
            listener.Start();
            var server = new NpgsqlConnectionStringBuilder(connectionString);
            var behind = new UnixDomainSocketEndPoint(Path.Combine(server.Host!, $".s.PGSQL.{server.Port}"));
            (server.Host, server.Port) = ("127.0.0.1", ((IPEndPoint)listener.LocalEndpoint).Port);
            ConnectionString = server.ConnectionString;
            accepting = AcceptAsync(behind);
        }

        public string ConnectionString { get; }

        public void Hang() => Interlocked.Exchange(ref hangs, new()).Cancel();

        public async ValueTask DisposeAsync()
        {
            await over.CancelAsync();
            await accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            listener.Dispose();
            foreach (var socket in open) socket.Dispose();
            over.Dispose();
            hangs.Dispose();
        }

        private async Task AcceptAsync(EndPoint behind)
        {
            while (true)
            {
                var client = await listener.AcceptSocketAsync(over.Token);
                var server = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                open.Add(client);
                open.Add(server);
                await server.ConnectAsync(behind, over.Token);
                _ = CarryAsync(client, server, hangs.Token);
                _ = CarryAsync(server, client, hangs.Token);
            }
        }

        private static async Task CarryAsync(Socket from, Socket to, CancellationToken hangs)
        {
            var bytes = new byte[64 * 1024];
            try
            {
                while (await from.ReceiveAsync(bytes, hangs) is > 0 and var count) await to.SendAsync(bytes.AsMemory(0, count), hangs);
                to.Shutdown(SocketShutdown.Send);
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                // It hangs, or somebody has closed it.
            }
        }
    }
}
