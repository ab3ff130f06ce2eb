using System.Security.Cryptography;
using Tender.Server.Tenancy;

namespace Tender.Server.Secrets;

/// <summary>Before anything is sealed or opened: is this the master key that the database's keys were wrapped with?</summary>
internal sealed class CheckMasterKey(OwnerDb db, MasterKey master)
{
    public async Task<Outcome> RunAsync(CancellationToken cancellation)
    {
        var proof = master.Derive("prove which master key this is");
        await db.ExecuteAsync("insert into master_key_checks (proof) values (@proof) on conflict do nothing", new { proof }, cancellation);
        var stored = await db.QuerySingleOrDefaultAsync<byte[]>("select proof from master_key_checks", null, cancellation);
        return CryptographicOperations.FixedTimeEquals(proof, stored) ? new Outcome.Same() : new Outcome.Another();
    }

    public abstract record Outcome
    {
        private Outcome() { }

        public sealed record Same : Outcome;

        /// <summary>Nothing in this database can be opened with it.</summary>
        public sealed record Another : Outcome;
    }
}
