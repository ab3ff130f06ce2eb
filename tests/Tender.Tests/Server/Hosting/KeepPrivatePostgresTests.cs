using System.Diagnostics;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Tender.Server.Hosting;
using Tender.Server.Tenancy;

namespace Tender.Tests.Server.Hosting;

public sealed class KeepPrivatePostgresTests
{
    [Fact]
    public async Task A_private_database_that_is_killed_is_started_again_by_one_of_the_servers_that_use_it()
    {
        await using var postgres = await PrivatePostgres.StartTemporaryAsync();
        await using var first = await StartAsync(postgres);
        await using var second = await StartAsync(postgres);
        for (var round = 0; round < 2; round++)
        {
            var killed = postgres.ProcessId!.Value;
            Process.GetProcessById(killed).Kill();

            await BecomesAsync(first, HttpStatusCode.ServiceUnavailable);
            await BecomesAsync(first, HttpStatusCode.OK);
            await BecomesAsync(second, HttpStatusCode.OK);

            postgres.ProcessId.ShouldNotBe(killed);
            (await first.App.Services.GetRequiredService<OwnerDb>().QueryAsync<int>("select 1", null, default)).ShouldBe([1]);
        }
    }

    private static Task<RunningTender> StartAsync(PrivatePostgres postgres) =>
        RunningTender.StartAsync(postgres, change: builder => builder.Services.AddSingleton(postgres).AddHostedService<KeepPrivatePostgres>());

    private static async Task BecomesAsync(RunningTender tender, HttpStatusCode wanted)
    {
        for (var began = Stopwatch.GetTimestamp(); ; await Task.Delay(20))
        {
            using var answer = await tender.Http.GetAsync(new Uri("/health/ready", UriKind.Relative));
            if (answer.StatusCode == wanted) return;
            if (Stopwatch.GetElapsedTime(began) > TimeSpan.FromSeconds(40)) throw new TimeoutException($"readiness did not become {wanted}");
        }
    }
}
