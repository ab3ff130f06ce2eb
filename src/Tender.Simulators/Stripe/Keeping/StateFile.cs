using System.Text.Json;
using Tender.Simulators.Stripe.Accounts;
using Tender.Simulators.Stripe.Wire;

namespace Tender.Simulators.Stripe.Keeping;

/// <summary>
/// Keeps the world in the file that <c>--state</c> names, so that a demo lives on over a restart: read at the start, written each second
/// when something has changed, and at the end. Idempotency keys, faults and deliveries under way are not kept.
/// </summary>
internal sealed class StateFile(SimulatorOptions options, StripeWorld world) : BackgroundService
{
    // The keys in it are simulated ones, but a file of keys is nobody else's to read.
    private const UnixFileMode OnlyMe = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        if (options.StateFile is { } path && File.Exists(path)) Restore(path);
        return base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (options.StateFile is not { } path) return;
        var written = world.Changes;
        using var timer = new PeriodicTimer(Pause);
        while (!stoppingToken.IsCancellationRequested)
        {
            await Task.WhenAny(timer.WaitForNextTickAsync(stoppingToken).AsTask());
            var changes = world.Changes;
            if (changes == written) continue;
            Write(path);
            written = changes;
        }
    }

    private void Write(string path)
    {
        var temporary = $"{path}.new";
        File.Delete(temporary);
        using (var file = new FileStream(temporary, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = OnlyMe }))
        using (var json = new Utf8JsonWriter(file))
        {
            json.WriteStartObject();
            json.WriteNumber("ahead_ticks", world.Clock.Ahead.Ticks);
            json.WritePropertyName("keys");
            JsonSerializer.Serialize(json, world.Keys.Select(key => new KeptKey(key.Key, key.Owner.Account.Id, key.Owner.Account.LiveMode)), StripeJson.Kept);
            json.WriteStartArray("accounts");
            foreach (var account in world.Accounts)
            {
                lock (account.Gate) JsonSerializer.Serialize(json, KeptAccount.Of(account), StripeJson.Kept);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        // The old file stays whole until the new one is.
        File.Move(temporary, path, overwrite: true);
    }

    private void Restore(string path)
    {
        using var file = File.OpenRead(path);
        var kept = JsonSerializer.Deserialize<Kept>(file, StripeJson.Kept)!;
        world.Clock.Advance(TimeSpan.FromTicks(kept.AheadTicks));
        foreach (var account in kept.Accounts) account.RestoreTo(world.Open(account.Id, account.LiveMode));
        foreach (var key in kept.Keys) world.AddKey(key.Key, world.Open(key.Account, key.LiveMode));
        foreach (var account in world.Accounts) world.Act(account, TakeUpAgain.Run);
    }

    private sealed record Kept(long AheadTicks, IReadOnlyList<KeptKey> Keys, IReadOnlyList<KeptAccount> Accounts);
}
