using Tender.Server.Hosting;

namespace Tender.Server.Secrets;

/// <summary>Before the server serves: its master key must be the one that this database's keys were wrapped with.</summary>
internal sealed class RefuseAnotherMasterKey(CheckMasterKey check) : IHostedLifecycleService
{
    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        if (await check.RunAsync(cancellationToken) is CheckMasterKey.Outcome.Another) throw new CannotStartException(
            $"This is not the master key that the database's keys were wrapped with, so no stored credential could be opened. Put back the {LoadMasterKey.Setting} (or the file {LoadMasterKey.FileName} in the data folder) that was used before.");
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
