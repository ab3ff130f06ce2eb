using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Tender.Bench;

/// <summary>
/// One kept HTTP/1.1 connection on bare sockets: it sends bytes that are ready and reads one answer. The load is made on the
/// same cores that are measured, so it has to cost little, and the same for every side.
/// </summary>
internal sealed class HttpConnection(int port) : IDisposable
{
    private readonly Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private byte[] buffer = new byte[16 * 1024];

    /// <summary>Sends one request and answers with the status of its answer.</summary>
    public async ValueTask<int> SendAsync(ReadOnlyMemory<byte> request)
    {
        if (!socket.Connected) await socket.ConnectAsync(IPAddress.Loopback, port);
        while (request.Length > 0) request = request[await socket.SendAsync(request)..];

        for (var filled = 0; ;)
        {
            if (filled == buffer.Length) Array.Resize(ref buffer, buffer.Length * 2);
            var read = await socket.ReceiveAsync(buffer.AsMemory(filled));
            if (read is 0) throw new IOException("the server closed the connection before its answer was whole");
            filled += read;
            if (IsWhole(buffer.AsSpan(0, filled))) return StatusOf(buffer);
        }
    }

    /// <summary>The last answer, as it came.</summary>
    public string LastAnswer => Encoding.UTF8.GetString(buffer).TrimEnd('\0');

    public void Dispose() => socket.Dispose();

    private static int StatusOf(ReadOnlySpan<byte> answer) => (answer[9] - '0') * 100 + (answer[10] - '0') * 10 + (answer[11] - '0');

    private static bool IsWhole(ReadOnlySpan<byte> answer)
    {
        var end = answer.IndexOf("\r\n\r\n"u8);
        if (end < 0) return false;
        var body = answer[(end + 4)..];
        return Wire.ContentLength(answer[..end]) is { } length ? body.Length >= length : body.EndsWith("0\r\n\r\n"u8);
    }
}

/// <summary>The little of HTTP/1.1 that both ends here need.</summary>
internal static class Wire
{
    /// <summary>The length that the headers give; null when they give none.</summary>
    public static int? ContentLength(ReadOnlySpan<byte> headers)
    {
        foreach (var range in headers.Split((byte)'\n'))
        {
            var line = headers[range];
            if (line.Length > 15 && (line[0] | 0x20) == 'c' && Ascii.EqualsIgnoreCase(line[..15], "content-length:"u8) &&
                System.Buffers.Text.Utf8Parser.TryParse(line[15..].TrimStart((byte)' '), out int length, out _)) return length;
        }

        return null;
    }
}
