using System.Net;
using System.Net.Sockets;

namespace Tender.Bench;

/// <summary>A port on loopback that leads to PostgreSQL's socket, for a client that knows no sockets.</summary>
internal sealed class SocketRelay : IDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly UnixDomainSocketEndPoint target;

    public SocketRelay(string socket)
    {
        target = new(socket);
        listener.Start();
        _ = AcceptAsync();
    }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    public void Dispose() => listener.Dispose();

    private async Task AcceptAsync()
    {
        try
        {
            while (true) _ = RelayAsync(await listener.AcceptTcpClientAsync());
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Stopped.
        }
    }

    private async Task RelayAsync(TcpClient client)
    {
        try
        {
            using (client)
            {
                client.NoDelay = true;
                using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                await socket.ConnectAsync(target);
                await using var database = new NetworkStream(socket);
                await Task.WhenAny(client.GetStream().CopyToAsync(database), database.CopyToAsync(client.GetStream()));
            }
        }
        catch (Exception e) when (e is SocketException or IOException)
        {
            // One of the two went away.
        }
    }
}
