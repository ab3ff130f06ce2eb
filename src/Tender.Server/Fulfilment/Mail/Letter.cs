namespace Tender.Server.Fulfilment.Mail;

/// <summary>One mail, ready to be put on the wire.</summary>
/// <param name="Id">The same at every try, so that a mail server or reader can tell a repetition.</param>
/// <param name="FromName">Whom the recipient knows: the seller.</param>
internal sealed record Letter(
    string Id, string From, string FromName, string To, string ToName, string? ReplyTo, string Subject, string Text, string Html,
    IReadOnlyList<Attachment> Attachments, DateTimeOffset At);

/// <summary>A file that goes with a mail.</summary>
internal sealed record Attachment(string FileName, byte[] Pdf);
