namespace Tender.Server.Webhooks.In;

/// <summary>Where a page of events ended: an event's id is its provider's, so it counts beside where it came in.</summary>
internal readonly record struct EventCursor(string Source, string EventId)
{
    /// <summary>Of a text that is none, it finds nothing.</summary>
    public static EventCursor Read(string? text) => (text ?? "").Split('/', 2) is [var source, var id] ? new(source, id) : new("", "");

    public override string ToString() => $"{Source}/{EventId}";
}
