using Tender.Domain.Providers;

namespace Tender.Server.Connections;

/// <summary>What became of creating or changing a connection.</summary>
internal abstract record Saved
{
    private Saved() { }

    public sealed record Created(Connection Connection) : Saved;

    public sealed record Changed(Connection Connection) : Saved;

    public sealed record NotFound : Saved;

    /// <summary>Fields that are wrong, by their JSON path.</summary>
    public sealed record Wrong(IReadOnlyDictionary<string, string[]> Errors) : Saved
    {
        public Wrong(string field, string why) : this(new Dictionary<string, string[]>(StringComparer.Ordinal) { [field] = [why] })
        {
        }
    }

    public sealed record PlanNeeded(string Plan) : Saved;

    /// <summary>Another connection to this provider has that name.</summary>
    public sealed record NameTaken : Saved;

    public sealed record TooMany(int Max) : Saved;

    /// <summary>The provider does not accept the credentials.</summary>
    public sealed record Refused(string Reason) : Saved;

    public sealed record NotReached(string Why) : Saved;

    /// <summary>A test key for a live connection, or the other way round.</summary>
    public sealed record OtherMode(Mode KeyMode) : Saved;

    /// <summary>The new credentials open another account than the one payments went to.</summary>
    public sealed record OtherAccount(string AccountId) : Saved;
}
