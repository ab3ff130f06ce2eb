using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;

namespace Tender.FaultTests;

/// <summary>kill -9 in the middle of everything that moves money, then a restart: nothing is lost, nothing happens twice.</summary>
public sealed class CrashTests(Shop shop) : IClassFixture<Shop>, IAsyncLifetime
{
    private static readonly TimeSpan WhileTheProviderWorks = TimeSpan.FromMilliseconds(700);
    private Process? server;

    public async Task InitializeAsync()
    {
        await shop.StopServerAsync();
        await StartAsync();
    }

    public async Task DisposeAsync()
    {
        await KillAsync();
        await shop.StartServerAsync();
    }

    [Fact]
    public async Task Killed_while_the_provider_starts_a_payment()
    {
        var before = await CountAtProviderAsync();
        await shop.FaultAsync("slow", new { method = "POST", path = "^/v1/payment_intents$" }, ms: 3000);
        var first = Ignore(shop.CreateSessionAsync("killed create"));
        await Task.Delay(WhileTheProviderWorks);

        await RestartAsync();
        await first;
        var session = await EventuallyAsync(() => shop.CreateSessionAsync("killed create"), HttpStatusCode.Created);

        (await shop.CreateSessionAsync("killed create")).Word("sessionId").ShouldBe(session.Word("sessionId"));
        (await CountAtProviderAsync() - before).ShouldBeLessThanOrEqualTo(1);
        await PayAndAuditAsync(session);
    }

    [Fact]
    public async Task Killed_while_a_payment_is_confirmed()
    {
        var session = await shop.CreateSessionAsync();
        await shop.FaultAsync("none", new { }, times: 20);
        await shop.PayAsync(session);
        await shop.FaultAsync("slow", new { method = "GET", path = "^/v1/payment_intents/" }, ms: 3000);
        var confirm = Ignore(shop.ConfirmAsync(session.Word("sessionId")));
        await Task.Delay(WhileTheProviderWorks);

        await RestartAsync();
        await confirm;

        await ForgetFaultsAsync();
        (await EventuallyAsync(() => shop.ConfirmAsync(session.Word("sessionId")), HttpStatusCode.OK)).Body.GetProperty("ticketIds").GetArrayLength().ShouldBe(1);
        await AuditAsync();
    }

    [Fact]
    public async Task Killed_while_the_provider_refunds()
    {
        var session = await shop.CreateSessionAsync();
        await shop.PayAsync(session);
        await shop.ConfirmAsync(session.Word("sessionId"));
        var path = $"/api/v1/checkout/sessions/{session.Word("sessionId")}";
        var payment = (await Answer.ReadAsync(await shop.Api.GetAsync(new Uri(path, UriKind.Relative)))).Word("paymentId");
        await shop.FaultAsync("slow", new { method = "POST", path = "^/v1/refunds$" }, ms: 3000);
        var refund = Ignore(shop.RefundAsync(payment, 1000, "killed refund"));
        await Task.Delay(WhileTheProviderWorks);

        await RestartAsync();
        await refund;
        var again = await EventuallyAsync(() => shop.RefundAsync(payment, 1000, "killed refund"), HttpStatusCode.Created);

        again.Word("status").ShouldBeOneOf("succeeded", "pending");
        var left = await Answer.ReadAsync(await shop.Api.GetAsync(new Uri($"/api/payments/{payment}", UriKind.Relative)));
        left.Body.GetProperty("refunds").GetArrayLength().ShouldBe(1);
        left.Body.GetProperty("amountRefunded").GetInt64().ShouldBe(1000);
        await AuditAsync();
    }

    [Fact]
    public async Task Killed_right_after_a_webhook_was_answered()
    {
        var session = await shop.CreateSessionAsync();
        await shop.PayAsync(session);

        await RestartAsync();

        var path = $"/api/v1/checkout/sessions/{session.Word("sessionId")}";
        await Shop.UntilAsync("the stored or repeated webhook is applied", async () =>
            (await Answer.ReadAsync(await shop.Api.GetAsync(new Uri(path, UriKind.Relative)))).Word("status") is "paid", seconds: 60);
        await AuditAsync();
    }

    [Fact]
    public async Task Killed_again_and_again_under_load()
    {
        using var stop = new CancellationTokenSource();
        var load = Enumerable.Range(0, 4).Select(worker => SellAsync(worker, stop.Token)).ToList();
        for (var i = 0; i < 4; i++)
        {
            await Task.Delay(900);
            await RestartAsync();
        }

        await stop.CancelAsync();
        var sold = (await Task.WhenAll(load)).SelectMany(s => s).ToList();

        foreach (var session in sold) await EventuallyAsync(() => shop.ConfirmAsync(session), HttpStatusCode.OK);
        sold.Count.ShouldBeGreaterThan(0);
        await AuditAsync();
    }

    // Customers who do not give up: every call is repeated with its key until it is answered.
    private async Task<List<string>> SellAsync(int worker, CancellationToken stop)
    {
        var sold = new List<string>();
        for (var i = 0; !stop.IsCancellationRequested && i < 500; i++)
        {
            var key = $"load {worker} {i}";
            var session = await EventuallyAsync(() => shop.CreateSessionAsync(key), HttpStatusCode.Created);
            await shop.PayAsync(session);
            await EventuallyAsync(() => shop.ConfirmAsync(session.Word("sessionId")), HttpStatusCode.OK);
            sold.Add(session.Word("sessionId"));
        }

        return sold;
    }

    private async Task PayAndAuditAsync(Answer session)
    {
        await shop.PayAsync(session);
        await EventuallyAsync(() => shop.ConfirmAsync(session.Word("sessionId")), HttpStatusCode.OK);
        await AuditAsync();
    }

    private async Task AuditAsync()
    {
        await Shop.UntilAsync("everything that came in is applied", async () => await shop.ReadAsync<long>("select count(*) from provider_events where next_at is not null") is 0, seconds: 60);
        await Auditor.CompareAsync(shop);
    }

    private async Task<int> CountAtProviderAsync()
    {
        using var http = new HttpClient();
        http.DefaultRequestHeaders.Authorization = new("Bearer", "sk_test_tenderdemo0000000000000001");
        var list = await http.GetFromJsonAsync<System.Text.Json.JsonElement>(new Uri($"{shop.SimulatorUrl}/stripe/v1/payment_intents?limit=100"));
        return list.GetProperty("data").GetArrayLength();
    }

    private static async Task<Answer> EventuallyAsync(Func<Task<Answer>> call, HttpStatusCode wanted)
    {
        Answer? last = null;
        for (var i = 0; i < 300; i++)
        {
            try
            {
                last = await call();
                if (last.Status == wanted) return last;
            }
            catch (HttpRequestException)
            {
                // The server is being started again.
            }

            await Task.Delay(200);
        }

        throw new TimeoutException($"never {wanted}; last {last?.Status} {last?.Body}");
    }

    private static async Task Ignore(Task<Answer> call)
    {
        try
        {
            await call;
        }
        catch (HttpRequestException)
        {
            // Its server was killed, as it should be.
        }
    }

    private async Task ForgetFaultsAsync()
    {
        using var http = new HttpClient();
        using var cleared = await http.DeleteAsync(new Uri($"{shop.SimulatorUrl}/_control/stripe/faults"));
    }

    private async Task RestartAsync()
    {
        await KillAsync();
        await StartAsync();
    }

    private async Task StartAsync()
    {
        server = Process.Start(TenderProgram.For(shop, "serve"))!;
        server.OutputDataReceived += (_, _) => { };
        server.ErrorDataReceived += (_, _) => { };
        server.BeginOutputReadLine();
        server.BeginErrorReadLine();
        await Shop.UntilAsync("the server is ready", async () =>
        {
            try
            {
                using var answer = await shop.Api.GetAsync(new Uri("/health/ready", UriKind.Relative));
                return answer.IsSuccessStatusCode;
            }
            catch (HttpRequestException e)
            {
                return server.HasExited ? throw new InvalidOperationException($"the server ended with {server.ExitCode}", e) : false;
            }
        });
    }

    private async Task KillAsync()
    {
        if (server is null) return;
        if (!server.HasExited) server.Kill();
        await server.WaitForExitAsync();
        server.Dispose();
        server = null;
    }
}
