using System.Globalization;
using System.Text;
using Tender.Server.Hosting;

namespace Tender.Server.Fulfilment.Mail;

/// <summary>
/// A mail as RFC 5322 and MIME write it. Every word from outside is either encoded or checked, so that none can become a header of
/// its own; all parts are base64, so that no line is too long and no server changes a byte.
/// </summary>
internal static class MimeText
{
    private const string NewLine = "\r\n";

    public static string Of(Letter letter)
    {
        var mixed = $"mixed-{letter.Id}";
        var either = $"either-{letter.Id}";
        var mail = new StringBuilder();
        Header(mail, "From", Mailbox(letter.FromName, letter.From));
        Header(mail, "To", Mailbox(letter.ToName, letter.To));
        if (letter.ReplyTo is { } reply) Header(mail, "Reply-To", Mailbox("", reply));
        Header(mail, "Subject", Words(letter.Subject));
        Header(mail, "Date", letter.At.UtcDateTime.ToString("ddd, dd MMM yyyy HH:mm:ss '+0000'", CultureInfo.InvariantCulture));
        Header(mail, "Message-ID", $"<{letter.Id}@{letter.From[(letter.From.LastIndexOf('@') + 1)..]}>");
        // RFC 3834: nobody's holiday notice answers this.
        Header(mail, "Auto-Submitted", "auto-generated");
        Header(mail, "MIME-Version", "1.0");
        Header(mail, "Content-Type", $"multipart/mixed; boundary=\"{mixed}\"");

        mail.Append(NewLine).Append("--").Append(mixed).Append(NewLine);
        Header(mail, "Content-Type", $"multipart/alternative; boundary=\"{either}\"");
        Part(mail, either, "text/plain; charset=utf-8", null, Encoding.UTF8.GetBytes(letter.Text));
        Part(mail, either, "text/html; charset=utf-8", null, Encoding.UTF8.GetBytes(letter.Html));
        mail.Append(NewLine).Append("--").Append(either).Append("--").Append(NewLine);

        foreach (var attachment in letter.Attachments) Part(mail, mixed, "application/pdf", attachment.FileName, attachment.Pdf);
        return mail.Append(NewLine).Append("--").Append(mixed).Append("--").Append(NewLine).ToString();
    }

    private static void Part(StringBuilder mail, string boundary, string type, string? fileName, byte[] content)
    {
        mail.Append(NewLine).Append("--").Append(boundary).Append(NewLine);
        Header(mail, "Content-Type", type);
        Header(mail, "Content-Transfer-Encoding", "base64");
        // RFC 2231: any letter may stand in a file's name.
        if (fileName is not null) Header(mail, "Content-Disposition", $"attachment; filename*=UTF-8''{Uri.EscapeDataString(fileName)}");
        mail.Append(NewLine).Append(Convert.ToBase64String(content, Base64FormattingOptions.InsertLineBreaks)).Append(NewLine);
    }

    private static void Header(StringBuilder mail, string name, string value)
    {
        if (value.AsSpan().IndexOfAny('\r', '\n') >= 0 && !value.Split($"{NewLine} ").All(line => line.AsSpan().IndexOfAny('\r', '\n') < 0))
            throw new ArgumentException($"{name} would become two headers");
        mail.Append(name).Append(": ").Append(value).Append(NewLine);
    }

    private static string Mailbox(string name, string address) => name.Length is 0 ? $"<{address}>" : $"{Words(name)}{NewLine} <{address}>";

    // RFC 2047: at most 75 characters a word, whole characters only, folded by a line break and a space.
    private static string Words(string text)
    {
        const int bytesMax = 42;
        var words = new List<string>();
        var bytes = new List<byte>();
        foreach (var rune in OneLine.Of(text).EnumerateRunes())
        {
            var letter = Encoding.UTF8.GetBytes(rune.ToString());
            if (bytes.Count + letter.Length > bytesMax) Flush();
            bytes.AddRange(letter);
        }

        Flush();
        return string.Join($"{NewLine} ", words);

        void Flush()
        {
            if (bytes.Count > 0) words.Add($"=?utf-8?B?{Convert.ToBase64String([.. bytes])}?=");
            bytes.Clear();
        }
    }
}
