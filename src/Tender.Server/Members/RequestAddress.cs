using System.Net;
using System.Net.Sockets;

namespace Tender.Server.Members;

/// <summary>Who counts as one address.</summary>
internal static class RequestAddress
{
    private const int NetworkBytes = 8;

    /// <summary>The address; of IPv6 the network, because one customer of a provider has all of a /64.</summary>
    public static IPAddress Of(IPAddress? address)
    {
        if (address is null) return IPAddress.None;
        if (address.IsIPv4MappedToIPv6) return address.MapToIPv4();
        if (address.AddressFamily is not AddressFamily.InterNetworkV6) return address;
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out _);
        bytes[NetworkBytes..].Clear();
        return new(bytes);
    }
}
