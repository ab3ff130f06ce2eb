using System.Diagnostics;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Tender.Server.Hosting;
using Tender.Server.Members;
using Tender.Server.Tenancy;

namespace Tender.Tests.Server.Hosting;

public sealed class OutageTests : IAsyncLifetime
{
    // No measure of speed (a loaded machine takes its time): far below the query limit of 15 s, so that hanging is seen.
    private static readonly TimeSpan HangMax = TimeSpan.FromSeconds(12);

    private PrivatePostgres postgres = null!;
    private RunningTender tender = null!;

    public async Task InitializeAsync()
    {
        postgres = await PrivatePostgres.StartTemporaryAsync();
        tender = await RunningTender.StartAsync(postgres, routes: app =>
        {
            app.MapGet("/api/read", async (OwnerDb db, CancellationToken cancellation) => await db.QueryAsync<int>("select 1", null, cancellation)).CallableBy(Callers.Public);
            app.MapGet("/api/shared", async (OwnerDb db, CancellationToken cancellation) => await db.WriteSharedAsync(new Batch().Add("select pg_sleep(10)"), cancellation)).CallableBy(Callers.Public);
            app.MapGet("/api/slow", async (OwnerDb db, CancellationToken cancellation) => await db.QueryAsync<string>("select pg_sleep(10)::text", null, cancellation)).CallableBy(Callers.Public);
        });
    }

    public async Task DisposeAsync()
    {
        await Signal("-CONT");
        await tender.DisposeAsync();
        await postgres.DisposeAsync();
    }

    [Fact]
    public async Task A_database_that_is_killed_is_said_within_two_seconds_and_forgotten_when_it_is_back()
    {
        (await Get("/api/read")).Status.ShouldBe(HttpStatusCode.OK);
        (await Get("/health/ready")).Status.ShouldBe(HttpStatusCode.OK);

        await Signal("-KILL");

        var (status, retryAfter, took) = await Get("/api/read");
        status.ShouldBe(HttpStatusCode.ServiceUnavailable);
        retryAfter.ShouldNotBeNull();
        took.ShouldBeLessThan(HangMax);
        (await Becomes("/health/ready", HttpStatusCode.ServiceUnavailable)).ShouldBeLessThan(HangMax);
        (await Get("/health/live")).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_database_that_swallows_what_it_is_sent_is_said_within_two_seconds_too()
    {
        (await Get("/api/read")).Status.ShouldBe(HttpStatusCode.OK);
        var slow = Get("/api/slow");
        var shared = Get("/api/shared");
        await Task.Delay(300);

        await Signal("-STOP");

        var ready = Becomes("/health/ready", HttpStatusCode.ServiceUnavailable);
        var (status, retryAfter, took) = await Get("/api/read");
        status.ShouldBe(HttpStatusCode.ServiceUnavailable);
        retryAfter.ShouldNotBeNull();
        took.ShouldBeLessThan(HangMax);
        (await ready).ShouldBeLessThan(HangMax);
        (await slow).Status.ShouldBe(HttpStatusCode.ServiceUnavailable);
        (status, _, took) = await shared;
        status.ShouldBe(HttpStatusCode.ServiceUnavailable);
        took.ShouldBeLessThan(HangMax);

        await Signal("-CONT");

        await Becomes("/health/ready", HttpStatusCode.OK);
        (await Get("/api/read")).Status.ShouldBe(HttpStatusCode.OK);
    }

    private async Task<(HttpStatusCode Status, TimeSpan? RetryAfter, TimeSpan Took)> Get(string path)
    {
        var began = Stopwatch.GetTimestamp();
        using var response = await tender.Http.GetAsync(new Uri(path, UriKind.Relative));
        return (response.StatusCode, response.Headers.RetryAfter?.Delta, Stopwatch.GetElapsedTime(began));
    }

    private async Task<TimeSpan> Becomes(string path, HttpStatusCode wanted)
    {
        var began = Stopwatch.GetTimestamp();
        while ((await Get(path)).Status != wanted)
        {
            if (Stopwatch.GetElapsedTime(began) > TimeSpan.FromSeconds(15)) throw new TimeoutException($"{path} did not become {wanted}");
            await Task.Delay(50);
        }
        return Stopwatch.GetElapsedTime(began);
    }

    // To the server and all of its backends.
    private async Task Signal(string signal)
    {
        if (postgres.ProcessId is not { } server) return;
        using var kill = Process.Start("bash", ["-c", $"kill {signal} {server} $(pgrep -P {server}) 2>/dev/null; true"]);
        await kill.WaitForExitAsync();
    }
}
