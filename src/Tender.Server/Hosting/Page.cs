namespace Tender.Server.Hosting;

/// <summary>One page of a list; the next begins after the last id of this one (<c>startingAfter</c>).</summary>
internal sealed record Page<T>(IReadOnlyList<T> Data, bool HasMore);
