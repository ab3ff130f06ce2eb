using System.Collections.Concurrent;
using Tender.Server.Tenancy;

namespace Tender.Server.Connections;

/// <summary>When each connection was last used, to the minute: one row that every payment wrote would make them wait for each other.</summary>
internal sealed class NoteUse(TimeProvider time)
{
    private static readonly TimeSpan Every = TimeSpan.FromMinutes(1);
    private readonly ConcurrentDictionary<string, DateTimeOffset> noted = new(StringComparer.Ordinal);

    /// <summary>Adds the note to what is written anyway, unless there is a fresh one.</summary>
    public void Add(Batch batch, string connectionId)
    {
        var now = time.GetUtcNow();
        if (noted.TryGetValue(connectionId, out var last) && now - last < Every) return;
        noted[connectionId] = now;
        batch.Add("update connections set last_used_at = greatest(last_used_at, @now) where id = @connectionId", new { now, connectionId });
    }
}
