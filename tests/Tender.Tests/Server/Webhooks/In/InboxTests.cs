using System.Collections.Concurrent;
using Npgsql;
using Tender.Server.Tenancy;
using Tender.Server.Webhooks.In;

namespace Tender.Tests.Server.Webhooks.In;

public sealed class InboxTests
{
    [Fact]
    public async Task An_event_whose_sender_hung_up_is_stored_and_due_all_the_same()
    {
        using var owner = await TestDatabases.NewOwnerAsync();
        var written = await TestDatabases.NewTenantAsync(owner, "acme00");
        var (signal, heard) = (new WorkSignal(), new ConcurrentQueue<(string, WorkKind)>());
        signal.Listen((code, work, _) => heard.Enqueue((code, work)));
        await using var tenants = new TenantDatabases(owner, new DatabaseServer((await TestDatabases.ServerAsync()).ConnectionString), signal, TimeProvider.System);
        var db = (await tenants.FindAsync("acme00", default)).ShouldNotBeNull();
        var now = TimeProvider.System.GetUtcNow();
        using var sender = new CancellationTokenSource();
        Task storing;
        await using (var locking = await written.Source.OpenConnectionAsync())
        await using (var transaction = await locking.BeginTransactionAsync())
        {
            await using (var command = new NpgsqlCommand("lock table provider_events in exclusive mode", locking)) await command.ExecuteNonQueryAsync();
            storing = new Inbox().AddAsync(db, new("con", "evt_1", "payment", null, "{}", [1], now, NextAt: now, Outcome: null), sender.Token);
            await TestDatabases.SomebodyWaitsAsync(written);
            await sender.CancelAsync();
            await Should.ThrowAsync<OperationCanceledException>(() => storing);
            heard.ShouldBeEmpty();
        }

        for (var i = 0; heard.IsEmpty && i < 200; i++) await Task.Delay(50);

        heard.ShouldBe([("acme00", WorkKind.ProviderEvents)]);
        (await written.QuerySingleOrDefaultAsync<string>("select event_id from provider_events", null, default)).ShouldBe("evt_1");
    }
}
