using System.Net.Sockets;

namespace Tender.Providers;

/// <summary>The one HTTP client that all handlers share. Nothing is logged, followed, kept or repeated: a handler sees what the wire said.</summary>
public static class ProviderHttp
{
    // The providers' own libraries wait 80 s; the gateway's limit ends a call sooner. This one is the net below it.
    private static readonly TimeSpan LongestCall = TimeSpan.FromSeconds(80);
    private static readonly TimeSpan LongestConnect = TimeSpan.FromSeconds(5);

    /// <summary>Answers larger than this are no answers.</summary>
    public const int AnswerBytesMax = 8 * 1024 * 1024;

    /// <summary>A client over pooled keep-alive connections.</summary>
    public static HttpClient CreateClient() => new(CreateHandler()) { Timeout = LongestCall, MaxResponseContentBufferSize = AnswerBytesMax };

    private static SocketsHttpHandler CreateHandler() => new()
    {
        // A redirect is not an answer, and following one would carry the key to another host.
        AllowAutoRedirect = false,
        UseCookies = false,
        ActivityHeadersPropagator = null,
        PooledConnectionLifetime = TimeSpan.FromMinutes(10),
        PooledConnectionIdleTimeout = TimeSpan.FromMinutes(1),
        MaxConnectionsPerServer = 512,
        ConnectCallback = ConnectAsync,
    };

    // The handler's own ConnectTimeout ends in a cancellation that looks like a call cut off half way. Said as a socket's time-out it stays
    // what it is: a request that was never sent.
    private static async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellation)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(LongestConnect);
        try
        {
            await socket.ConnectAsync(context.DnsEndPoint, patience.Token);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            socket.Dispose();
            throw new SocketException((int)SocketError.TimedOut);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
