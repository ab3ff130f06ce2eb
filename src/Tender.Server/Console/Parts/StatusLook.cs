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
    public static StatusLook Of(string status) => status switch
    {
        // Payments.
        "created" => new("created", Tone.Quiet),
        "awaiting_payer" => new("awaiting payer", Tone.Waiting),
        "processing" => new("processing", Tone.Waiting),
        "succeeded" or "paid" => new("paid", Tone.Good),
        "failed" => new("failed", Tone.Lost),
        "expired" => new("expired", Tone.Quiet),
        "canceled" => new("canceled", Tone.Quiet),
        "refunded" => new("refunded", Tone.Quiet),
        "partly_refunded" => new("partly refunded", Tone.Good),

        // What stands beside a payment's status, and cases for a person.
        "underpaid" or "overpaid" or "late" or "duplicate" or "mismatch" => new(status, Tone.Needs),
        "needs_person" => new("needs you", Tone.Needs),
        "disputed" => new("disputed", Tone.Needs),
        "won" => new("dispute won", Tone.Good),
        "lost" => new("dispute lost", Tone.Lost),

        // Attempts, refunds.
        "prepared" => new("prepared", Tone.Quiet),
        "sent" => new("sent", Tone.Waiting),
        "pending" => new("pending", Tone.Waiting),
        "reserved" => new("reserved", Tone.Waiting),
        "declined" => new("declined", Tone.Lost),
        "not_sent" => new("not sent", Tone.Quiet),
        "unknown" => new("asking", Tone.Waiting),
        "abandoned" => new("abandoned", Tone.Quiet),

        // Connections, deliveries, sessions, members.
        "healthy" or "active" or "delivered" or "enabled" or "complete" => new(status, Tone.Good),
        "open" => new("open", Tone.Waiting),
        "disabled" or "paused" or "archived" or "revoked" or "draining" => new(status, Tone.Quiet),
        "failing" or "refused" or "given_up" => new(Spaced(status), Tone.Lost),
        "unchecked" or "not_checked" => new("not checked", Tone.Quiet),
        _ => new(Spaced(status), Tone.Quiet),
    };

    private static string Spaced(string status) => status.Replace('_', ' ');
}
