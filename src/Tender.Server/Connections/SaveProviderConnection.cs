using System.Text.Json;
using Tender.Server.Hosting;
using Tender.Server.Members;
using Tender.Server.Tenancy;

namespace Tender.Server.Connections;

/// <summary>
/// POST /api/connections/{provider}: creates the tenant's connection to a provider, or changes the one that is there. The provider's own
/// fields stand beside <c>name</c> and <c>mode</c>: <c>{handle, apiKey, name}</c>.
/// </summary>
internal sealed class SaveProviderConnection(ListConnections list, CreateConnection create, ChangeConnection change)
{
    private const int MembersMax = 25;
    private const int NameCharactersMax = 100;

    public async Task<Saved> RunAsync(TenantDb db, string provider, JsonElement body, Caller caller, CancellationToken cancellation, IdempotentCall? call = null)
    {
        if (Read(body, out var name, out var mode, out var credentials) is { } wrong) return wrong;
        var there = await list.FindAsync(db, provider, mode ?? caller.Mode.ToWord(), cancellation);
        // A creation that was cut off is there already, and its sealed secrets are spent: it goes on, it is no change.
        return call?.Resumes is not null || there is null || (mode is not null && there.Mode != mode)
            ? await create.RunAsync(db, new(provider, name, mode, credentials), caller, cancellation, call)
            : await change.RunAsync(db, there.Id, new(Name: name, Credentials: credentials), caller, cancellation);
    }

    private static Saved.Wrong? Read(JsonElement body, out string? name, out string? mode, out Dictionary<string, string> credentials)
    {
        (name, mode, credentials) = (null, null, new(StringComparer.Ordinal));
        if (body.ValueKind is not JsonValueKind.Object) return new("body", "must be an object with the provider's fields");
        foreach (var member in body.EnumerateObject())
        {
            if (credentials.Count >= MembersMax) return new("body", "has too many fields");
            if (member.Value.ValueKind is JsonValueKind.Null) continue;
            if (member.Value.ValueKind is not JsonValueKind.String) return new(member.Name, "must be a text");
            var text = member.Value.GetString()!;
            if (member.NameEquals("name")) name = text;
            else if (member.NameEquals("mode")) mode = text;
            else if (!credentials.TryAdd(member.Name, text)) return new(member.Name, "is there twice");
        }

        if (name is { Length: 0 or > NameCharactersMax }) return new("name", $"must have 1 to {NameCharactersMax} characters");
        return mode is null or "test" or "live" ? null : new Saved.Wrong("mode", "must be test or live");
    }
}
