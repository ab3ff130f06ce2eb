using Tender.Server.Console.Parts;
using Tender.Server.Fulfilment.Mail;

namespace Tender.Server.Fulfilment.Messages;

/// <summary>Mails as a person reads them in the console.</summary>
internal static class MessageLook
{
    public static string Word(string state) => state switch { "gave_up" => "not delivered", _ => state };

    public static Tone ToneOf(string state) => state switch { "sent" => Tone.Good, "waiting" => Tone.Waiting, "gave_up" => Tone.Needs, _ => Tone.Quiet };

    /// <summary>Where what went with a mail can be had again.</summary>
    public static string Href(MailCustomer.Enclosed enclosed) =>
        $"/api/v1/{(enclosed.Kind is "tickets" ? "tickets" : "invoices")}/{Uri.EscapeDataString(enclosed.Id)}/download";
}
