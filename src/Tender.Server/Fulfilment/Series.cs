using Tender.Domain.Providers;

namespace Tender.Server.Fulfilment;

/// <summary>The series numbers are taken from. Test payments count apart, so that the real series has no holes and no fiction.</summary>
internal static class Series
{
    public static string Invoice(Mode mode) => mode is Mode.Live ? "invoice" : "invoice:test";

    public static string CreditNote(Mode mode) => mode is Mode.Live ? "credit_note" : "credit_note:test";

    /// <summary>Stands before every number of a test document.</summary>
    public static string Before(Mode mode) => mode is Mode.Live ? "" : "TEST-";
}
