using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Tender.Domain.Providers;
using Tender.Providers;
using Tender.Providers.Stripe;
using Tender.Tests.Providers.Stripe;

namespace Tender.Tests.Providers;

/// <summary>The shared client on real sockets: what a broken wire looks like to a handler.</summary>
public sealed class ProviderHttpTests : IDisposable
{
    private readonly HttpClient http = ProviderHttp.CreateClient();
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);

    public void Dispose()
    {
        http.Dispose();
        listener.Dispose();
    }

    [Fact]
    public async Task A_refused_connection_is_not_reached()
    {
        listener.Start();
        var port = Port;
        listener.Stop();

        (await StartAt($"http://127.0.0.1:{port}")).ShouldBeOfType<ProviderAnswer.NotReached>();
    }

    [Fact]
    public async Task A_host_that_nobody_knows_is_not_reached() =>
        (await StartAt("http://no-such-host.invalid")).ShouldBeOfType<ProviderAnswer.NotReached>();

    [Fact]
    public async Task A_host_that_cannot_prove_itself_is_not_reached()
    {
        _ = ServeAsync("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}");

        (await StartAt($"https://127.0.0.1:{Port}")).ShouldBeOfType<ProviderAnswer.NotReached>();
    }

    [Fact]
    public async Task A_connection_that_nobody_accepts_is_given_up_as_not_reached()
    {
        // A full backlog: the kernel answers no more, as a host does whose packets get lost.
        listener.Start(0);
        var fillers = Enumerable.Range(0, 8).Select(_ => new Socket(SocketType.Stream, ProtocolType.Tcp)).ToList();
        foreach (var filler in fillers) _ = filler.ConnectAsync(IPAddress.Loopback, Port).ContinueWith(_ => { }, TaskScheduler.Default);
        await Task.Delay(200);
        var watch = Stopwatch.StartNew();

        var answer = await StartAt($"http://127.0.0.1:{Port}");

        answer.ShouldBeOfType<ProviderAnswer.NotReached>();
        watch.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(15));
        foreach (var filler in fillers) filler.Dispose();
    }

    [Theory]
    [InlineData("")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 500\r\nContent-Type: application/json\r\n\r\n{\"id\":\"pi_")]
    [InlineData("nonsense\r\n\r\n")]
    [InlineData("HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n")]
    public async Task A_connection_cut_after_the_request_is_unknown(string bytes)
    {
        _ = ServeAsync(bytes);

        (await StartAt($"http://127.0.0.1:{Port}")).ShouldBeOfType<ProviderAnswer.Unknown>();
    }

    [Fact]
    public async Task An_answer_without_end_is_unknown()
    {
        _ = ServeAsync("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", endless: true);

        (await StartAt($"http://127.0.0.1:{Port}")).ShouldBeOfType<ProviderAnswer.Unknown>();
    }

    [Fact]
    public async Task A_caller_who_stops_waiting_is_obeyed()
    {
        listener.Start();
        using var limit = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));

        await Should.ThrowAsync<OperationCanceledException>(() => StartAt($"http://127.0.0.1:{Port}", limit.Token));
    }

    [Fact]
    public async Task One_connection_serves_call_after_call()
    {
        listener.Start();
        var connections = 0;
        _ = Task.Run(async () =>
        {
            while (true)
            {
                var socket = await listener.AcceptTcpClientAsync();
                connections++;
                _ = AnswerEachAsync(socket);
            }
        });

        for (var i = 0; i < 5; i++) (await StartAt($"http://127.0.0.1:{Port}")).ShouldBeOfType<ProviderAnswer.Unknown>();

        connections.ShouldBe(1);
    }

    private int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    private Task<ProviderAnswer> StartAt(string address, CancellationToken cancellation = default)
    {
        var stripe = new StripeProvider(StripeExam.Options with { ApiBase = new(address) }, http, TimeProvider.System);
        return stripe.StartAsync(
            new("att_1", new(4900, Tender.Domain.Amounts.Currency.Of("eur")), "Tickets", Presentation.Embedded, null, null, null, DateTimeOffset.MaxValue, false,
                new Dictionary<string, string>()), StripeExam.OwnKeys, cancellation);
    }

    // Takes the whole request, says these bytes, and hangs up.
    private async Task ServeAsync(string bytes, bool endless = false)
    {
        listener.Start();
        using var client = await listener.AcceptTcpClientAsync();
        var stream = client.GetStream();
        _ = await stream.ReadAsync(new byte[64 * 1024]);
        await stream.WriteAsync(Encoding.ASCII.GetBytes(bytes));
        var chunk = Encoding.ASCII.GetBytes($"10000\r\n{new string('x', 0x10000)}\r\n");
        while (endless) await stream.WriteAsync(chunk);
    }

    private static async Task AnswerEachAsync(TcpClient client)
    {
        using var open = client;
        var stream = client.GetStream();
        var buffer = new byte[64 * 1024];
        while (await stream.ReadAsync(buffer) > 0) await stream.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"u8.ToArray());
    }
}
