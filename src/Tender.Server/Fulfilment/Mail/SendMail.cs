using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Tender.Server.Hosting;

namespace Tender.Server.Fulfilment.Mail;

/// <summary>Hands a mail to the operator's mail server (RFC 5321), encrypted wherever that server can.</summary>
/// <param name="trust">Whose certificates count; null: those the system trusts.</param>
internal sealed class SendMail(SmtpServer server, X509ChainPolicy? trust = null)
{
    public async Task<Outcome> RunAsync(Letter letter, CancellationToken cancellation)
    {
        try
        {
            await using var talk = await SmtpTalk.OpenAsync(server, trust, cancellation);
            return await TalkAsync(talk, letter, cancellation);
        }
        catch (SmtpRefusedException refused)
        {
            return refused.IsForGood ? new Outcome.Refused(refused.Message) : new Outcome.Later(refused.Message);
        }
        catch (Exception e) when (e is IOException or SocketException or AuthenticationException)
        {
            return new Outcome.Later($"the mail server {server.Host} could not be talked to: {e.Message}");
        }
    }

    private static async Task<Outcome> TalkAsync(SmtpTalk talk, Letter letter, CancellationToken cancellation)
    {
        var isPlain = letter.To.All(char.IsAscii);
        if (!isPlain && !talk.Offers("SMTPUTF8")) return new Outcome.Refused($"the mail server takes no addresses such as {letter.To}");

        // What is said about us is for the operator to mend and is tried again; what is said about the recipient, or the mail, is final.
        await talk.SayAsync($"MAIL FROM:<{letter.From}>{(isPlain ? "" : " SMTPUTF8")}", "250", mayMend: true, cancellation);
        await talk.SayAsync($"RCPT TO:<{letter.To}>", "25", mayMend: false, cancellation);
        await talk.SayAsync("DATA", "354", mayMend: true, cancellation);
        await talk.SendTextAsync(MimeText.Of(letter), cancellation);
        await talk.HearAsync("250", mayMend: false, cancellation);
        await talk.CloseAsync(cancellation);
        return new Outcome.Sent();
    }

    public abstract record Outcome
    {
        private Outcome()
        {
        }

        /// <summary>The mail server has taken it over.</summary>
        public sealed record Sent : Outcome;

        /// <summary>It did not; trying again may help.</summary>
        public sealed record Later(string Why) : Outcome;

        /// <summary>It never will.</summary>
        public sealed record Refused(string Why) : Outcome;
    }
}

/// <summary>The mail server said no.</summary>
internal sealed class SmtpRefusedException(string message, bool isForGood) : Exception(message)
{
    public bool IsForGood => isForGood;
}
