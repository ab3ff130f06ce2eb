using Tender.Domain.Providers;

namespace Tender.Server.Hosting;

/// <summary>The mail server that takes Tender's mail.</summary>
/// <param name="ImplicitTls">smtps: encrypted from the first byte; smtp upgrades where the server offers it.</param>
public sealed record SmtpServer(string Host, int Port, bool ImplicitTls, string? User, Secret? Password)
{
    internal static SmtpServer? Read(GivenSettings given)
    {
        if (given.Url("SMTP_URL", "smtp", "smtps") is not { } url) return null;
        var tls = url.Scheme is "smtps";
        var (user, password) = url.UserInfo.Split(':', 2) switch
        {
            [{ Length: > 0 } name, var secret] => (Uri.UnescapeDataString(name), new Secret(Uri.UnescapeDataString(secret))),
            [{ Length: > 0 } name] => (Uri.UnescapeDataString(name), null),
            _ => ((string?)null, (Secret?)null),
        };
        // 465 is submission over TLS, 587 submission (RFC 8314).
        return new(url.Host, url.Port > 0 ? url.Port : tls ? 465 : 587, tls, user, password);
    }
}
