using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Tender.Server.Hosting;

namespace Tender.Server.Fulfilment.Mail;

/// <summary>One conversation with a mail server: lines there, numbered lines back (RFC 5321), TLS from the start or by STARTTLS (RFC 3207).</summary>
internal sealed class SmtpTalk : IAsyncDisposable
{
    private const int LineCharactersMax = 2_000;
    private const int ReplyLinesMax = 100;

    private readonly SmtpServer server;
    private readonly X509ChainPolicy? trust;
    private readonly TcpClient client = new();
    private readonly byte[] buffer = new byte[4_096];
    private Stream stream = Stream.Null;
    private int at;
    private int filled;
    private IReadOnlyList<string> offers = [];

    private SmtpTalk(SmtpServer server, X509ChainPolicy? trust) => (this.server, this.trust) = (server, trust);

    /// <summary>Connects, encrypts, greets and signs in.</summary>
    public static async Task<SmtpTalk> OpenAsync(SmtpServer server, X509ChainPolicy? trust, CancellationToken cancellation)
    {
        var talk = new SmtpTalk(server, trust);
        try
        {
            await talk.StartAsync(cancellation);
            return talk;
        }
        catch
        {
            await talk.DisposeAsync();
            throw;
        }
    }

    public bool Offers(string extension) => offers.Any(offer => offer.Equals(extension, StringComparison.OrdinalIgnoreCase) || offer.StartsWith(extension + " ", StringComparison.OrdinalIgnoreCase));

    /// <summary>Says a line and hears the answer; throws when it does not begin with what was hoped for.</summary>
    /// <param name="mayMend">True when a refusal is about our settings, not about this mail.</param>
    public async Task<IReadOnlyList<string>> SayAsync(string line, string hopedFor, bool mayMend, CancellationToken cancellation)
    {
        if (line.AsSpan().IndexOfAny('\r', '\n') >= 0) throw new ArgumentException("a line of SMTP is one line");
        await stream.WriteAsync(Encoding.UTF8.GetBytes(line + "\r\n"), cancellation);
        return await HearAsync(hopedFor, mayMend, cancellation);
    }

    public async Task<IReadOnlyList<string>> HearAsync(string hopedFor, bool mayMend, CancellationToken cancellation)
    {
        var lines = new List<string>();
        string line;
        do
        {
            line = await LineAsync(cancellation);
            lines.Add(line);
            if (lines.Count > ReplyLinesMax) throw new IOException("the mail server does not stop talking");
        }
        while (line.Length > 3 && line[3] is '-');

        if (line.StartsWith(hopedFor, StringComparison.Ordinal)) return lines;
        throw new SmtpRefusedException($"the mail server {server.Host} says: {OneLine.Of(string.Join(' ', lines))}", isForGood: line is ['5', ..] && !mayMend);
    }

    /// <summary>Sends a mail's text and its end; a line that begins with a dot gets another (RFC 5321, 4.5.2).</summary>
    public async Task SendTextAsync(string text, CancellationToken cancellation)
    {
        var stuffed = text.Replace("\r\n.", "\r\n..", StringComparison.Ordinal);
        await stream.WriteAsync(Encoding.UTF8.GetBytes((stuffed is ['.', ..] ? "." : "") + stuffed + ".\r\n"), cancellation);
    }

    /// <summary>The mail is theirs by now: a failing farewell changes nothing.</summary>
    public async Task CloseAsync(CancellationToken cancellation)
    {
        try
        {
            await stream.WriteAsync("QUIT\r\n"u8.ToArray(), cancellation);
        }
        catch (IOException)
        {
            // Gone already.
        }
    }

    public async ValueTask DisposeAsync()
    {
        await stream.DisposeAsync();
        client.Dispose();
    }

    private async Task StartAsync(CancellationToken cancellation)
    {
        await client.ConnectAsync(server.Host, server.Port, cancellation);
        stream = client.GetStream();
        if (server.ImplicitTls) await EncryptAsync(cancellation);
        await HearAsync("220", mayMend: true, cancellation);
        await GreetAsync(cancellation);
        if (!server.ImplicitTls && Offers("STARTTLS"))
        {
            await SayAsync("STARTTLS", "220", mayMend: true, cancellation);
            // Whatever came in the clear after that is not believed (CVE-2011-0411).
            at = filled = 0;
            await EncryptAsync(cancellation);
            await GreetAsync(cancellation);
        }

        if (server.User is { } user) await SignInAsync(user, cancellation);
    }

    private async Task GreetAsync(CancellationToken cancellation) =>
        offers = [.. (await SayAsync($"EHLO {OurName()}", "250", mayMend: true, cancellation)).Skip(1).Select(line => line.Length > 4 ? line[4..].Trim() : "")];

    private string OurName() => client.Client.LocalEndPoint is IPEndPoint { Address: var address }
        ? address.AddressFamily is AddressFamily.InterNetworkV6 ? $"[IPv6:{address}]" : $"[{address}]"
        : "[127.0.0.1]";

    private async Task EncryptAsync(CancellationToken cancellation)
    {
        var secure = new SslStream(stream);
        stream = secure;
        await secure.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = server.Host, CertificateChainPolicy = trust }, cancellation);
    }

    private async Task SignInAsync(string user, CancellationToken cancellation)
    {
        var isLocal = client.Client.RemoteEndPoint is IPEndPoint { Address: var address } && IPAddress.IsLoopback(address);
        if (stream is not SslStream && !isLocal)
            throw new SmtpRefusedException($"the mail server {server.Host} offers no encryption, so that the password is not sent", isForGood: false);

        var ways = offers.FirstOrDefault(offer => offer.StartsWith("AUTH ", StringComparison.OrdinalIgnoreCase))?.Split(' ') ?? [];
        var password = server.Password?.Reveal() ?? "";
        if (ways.Contains("LOGIN", StringComparer.OrdinalIgnoreCase) && !ways.Contains("PLAIN", StringComparer.OrdinalIgnoreCase))
        {
            await SayAsync("AUTH LOGIN", "334", mayMend: true, cancellation);
            await SayAsync(Convert.ToBase64String(Encoding.UTF8.GetBytes(user)), "334", mayMend: true, cancellation);
            await SayAsync(Convert.ToBase64String(Encoding.UTF8.GetBytes(password)), "235", mayMend: true, cancellation);
            return;
        }

        await SayAsync($"AUTH PLAIN {Convert.ToBase64String(Encoding.UTF8.GetBytes($"\0{user}\0{password}"))}", "235", mayMend: true, cancellation);
    }

    private async Task<string> LineAsync(CancellationToken cancellation)
    {
        var line = new List<byte>();
        while (true)
        {
            if (at == filled)
            {
                (at, filled) = (0, await stream.ReadAsync(buffer, cancellation));
                if (filled is 0) throw new IOException("it hung up");
            }

            var next = buffer[at++];
            if (next is (byte)'\n') return Encoding.UTF8.GetString([.. line]).TrimEnd('\r');
            line.Add(next);
            if (line.Count > LineCharactersMax) throw new IOException("it sent a line without end");
        }
    }
}
