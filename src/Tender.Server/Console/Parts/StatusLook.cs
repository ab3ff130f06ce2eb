namespace Tender.Server.Console.Parts;

/// <summary>What a status means to the one who looks: decides colour and shape.</summary>
public enum Tone
{
    /// <summary>Nothing to do, nothing lost.</summary>
    Quiet,

    /// <summary>Under way.</summary>
    Waiting,

    /// <summary>Money arrived; a thing works.</summary>
    Good,

    /// <summary>A person is needed.</summary>
    Needs,

    /// <summary>Lost or failing money.</summary>
    Lost,
}

/// <summary>A status as a person sees it: a word and a tone. One table for every kind of record.</summary>
/// <param name="Word">Lower-case, one or two words.</param>
/// <param name="Tone">Colour and shape; the shape says it too for those who do not see the colour.</param>
public readonly record struct StatusLook(string Word, Tone Tone)
{
    /// <summary>The look of a status as the database and the API write it; an unknown one is shown as it is.</summary>
    public static StatusLook Of(string status) => Find(status) ?? new(Spaced(status), Tone.Quiet);

    /// <summary>Whether the table has a row for this status.</summary>
    public static bool Knows(string status) => Find(status) is not null;

    private static StatusLook? Find(string status) => status switch
    {
        // Payments.
        "created" => new StatusLook("created", Tone.Quiet),
        "awaiting_payer" => new StatusLook("awaiting payer", Tone.Waiting),
        "processing" => new StatusLook("processing", Tone.Waiting),
        "succeeded" or "paid" => new StatusLook("paid", Tone.Good),
        "failed" => new StatusLook("failed", Tone.Lost),
        "expired" => new StatusLook("expired", Tone.Quiet),
        "canceled" => new StatusLook("canceled", Tone.Quiet),
        "refunded" => new StatusLook("refunded", Tone.Quiet),
        "partly_refunded" => new StatusLook("partly refunded", Tone.Good),

        // What stands beside a payment's status, and cases for a person.
        "underpaid" or "overpaid" or "late" or "duplicate" or "mismatch" => new StatusLook(status, Tone.Needs),
        "needs_person" => new StatusLook("needs you", Tone.Needs),
        "disputed" => new StatusLook("disputed", Tone.Needs),
        "won" => new StatusLook("dispute won", Tone.Good),
        "lost" => new StatusLook("dispute lost", Tone.Lost),

        // Attempts, refunds.
        "prepared" => new StatusLook("prepared", Tone.Quiet),
        "sent" => new StatusLook("sent", Tone.Waiting),
        "pending" => new StatusLook("pending", Tone.Waiting),
        "reserved" => new StatusLook("reserved", Tone.Waiting),
        "declined" => new StatusLook("declined", Tone.Lost),
        "not_sent" => new StatusLook("not sent", Tone.Quiet),
        "unknown" => new StatusLook("asking", Tone.Waiting),
        "abandoned" => new StatusLook("abandoned", Tone.Quiet),

        // Connections, deliveries, sessions, members.
        "healthy" or "active" or "delivered" or "enabled" or "complete" or "completed" => new StatusLook(status, Tone.Good),
        "open" => new StatusLook("open", Tone.Waiting),
        "closed" => new StatusLook("closed", Tone.Quiet),
        "paid_out" => new StatusLook("used up", Tone.Quiet),
        "off_sale" => new StatusLook("not sold", Tone.Needs),
        "disabled" or "paused" or "archived" or "revoked" or "draining" => new StatusLook(status, Tone.Quiet),
        "failing" or "refused" or "given_up" => new StatusLook(Spaced(status), Tone.Lost),
        "unchecked" or "not_checked" => new StatusLook("not checked", Tone.Quiet),

        // What a provider told.
        "applied" => new StatusLook("applied", Tone.Good),
        "not_ours" => new StatusLook("unknown here", Tone.Quiet),
        "irrelevant" => new StatusLook("nothing to do", Tone.Quiet),
        "account_checked" => new StatusLook("account checked", Tone.Quiet),
        _ => null,
    };

    private static string Spaced(string status) => status.Replace('_', ' ');
}
