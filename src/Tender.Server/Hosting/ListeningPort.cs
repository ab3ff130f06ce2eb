using System.Net;
using System.Net.Sockets;

namespace Tender.Server.Hosting;

/// <summary>The port Tender is to listen on, looked at before anything is started: a server that fails half-way says a lot.</summary>
internal static class ListeningPort
{
    /// <exception cref="CannotStartException">Another program has the port, or this user may not have it.</exception>
    public static void EnsureFree(Settings settings)
    {
        if (settings.Port is 0) return;
        try
        {
            using var probe = Socket.OSSupportsIPv6 ? new Socket(AddressFamily.InterNetworkV6, SocketType.Stream, ProtocolType.Tcp) { DualMode = true } : new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            probe.Bind(new IPEndPoint(Socket.OSSupportsIPv6 ? IPAddress.IPv6Any : IPAddress.Any, settings.Port));
            probe.Listen(1);
        }
        catch (SocketException taken) when (taken.SocketErrorCode is SocketError.AddressAlreadyInUse)
        {
            throw Taken(settings.Port, taken);
        }
        catch (SocketException denied) when (denied.SocketErrorCode is SocketError.AccessDenied)
        {
            throw new CannotStartException($"Port {settings.Port} may not be opened by this user; set PORT to one above 1023, or give the program the right to it.", denied);
        }
    }

    public static CannotStartException Taken(int port, Exception why) => new($"Port {port} is taken; set PORT to another one, or end the program that has it.", why);
}
