using Tender.Domain.Amounts;
using Tender.Domain.Providers;
using Tender.Providers;
using Tender.Server.Tenancy;

namespace Tender.Server.Connections;

/// <summary>Finds which of a tenant's accounts keeps a price, and what it costs.</summary>
internal sealed class ReadProviderPrice(AllProviders providers, ReadConnections connections, OpenAccount open, TimeProvider time)
{
    public async Task<Outcome> RunAsync(TenantDb db, string priceId, Mode mode, CancellationToken cancellation)
    {
        Outcome outcome = new Outcome.Refused("No connected account keeps prices of its own.");
        foreach (var row in (await connections.RunAsync(db, cancellation)).Where(row => row.Mode == mode && row.IsEnabled).OrderByDescending(row => row.IsDefault))
        {
            if (providers.Find(row.Provider) is not IReadPrices able) continue;
            var account = await open.RunAsync(db, row.Id, cancellation);
            switch (await BriefQuestion.AskAsync(limit => able.ReadPriceAsync(priceId, account, limit), why => new PriceReading.NotReached(why), time, cancellation))
            {
                case PriceReading.Found { Amount: var amount }:
                    return new Outcome.Found(row.Id, amount);
                case PriceReading.NotReached { Why: var why }:
                    outcome = new Outcome.NotReached($"{row.Name} could not be asked: {why}");
                    break;
                case PriceReading.Refused { Reason: var reason } when outcome is Outcome.Refused:
                    outcome = new Outcome.Refused(reason);
                    break;
            }
        }

        return outcome;
    }

    public abstract record Outcome
    {
        private Outcome()
        {
        }

        public sealed record Found(string ConnectionId, Money Amount) : Outcome;

        /// <summary>None of the accounts has it, or it cannot be sold.</summary>
        public sealed record Refused(string Reason) : Outcome;

        /// <summary>None has it as far as is known, and one could not be asked.</summary>
        public sealed record NotReached(string Why) : Outcome;
    }
}
