using System.ComponentModel;

namespace Tender.Bench;

/// <summary>Checkout sessions a second against Medusa's. Medusa's takes three calls, asks no provider and knows no idempotency keys; it is not charged for that.</summary>
internal sealed class MedusaRate(Ground ground, CheckoutRate checkout, Options options)
{
    private const string Measure = "checkout sessions/s ÷ Medusa's cart, payment collection and session";
    private const string Target = "≥ 100";
    private const int Connections = 8;

    // A session takes Medusa long; in a short round there would be a handful.
    private static readonly TimeSpan MedusasRound = TimeSpan.FromSeconds(20);
    private static readonly string[] Tables = ["cart", "payment_collection", "payment_session"];

    public async Task<IReadOnlyList<Line>> RunAsync()
    {
        try
        {
            await using var medusa = await MedusaSide.StartAsync(ground, options);
            await ground.AssertDurableAsync(MedusaSide.Database);
            await medusa.RunAsync(Connections, options.WarmUp);
            await checkout.TenderAsync(options.WarmUp);
            var rounds = new Rounds("Tender", "Medusa");
            for (var round = 0; round < 3; round++)
            {
                rounds.Add("Medusa", await RoundAsync(medusa));
                rounds.Add("Tender", await checkout.TenderAsync(options.Round));
            }

            return [rounds.Ratio(Measure, "Tender", "Medusa", Target, ratio => ratio >= 100)];
        }
        catch (Exception e) when (e is BenchException or Win32Exception)
        {
            return [Line.Skipped(Measure, Target, $"Medusa could not be fetched and started here: {e.Message}")];
        }
    }

    private async Task<Tally> RoundAsync(MedusaSide medusa)
    {
        await ground.SettleAsync();
        var before = await ground.CountAsync(MedusaSide.Database, Tables);
        var tally = await medusa.RunAsync(Connections, MedusasRound);
        var after = await ground.CountAsync(MedusaSide.Database, Tables);
        return before.Zip(after).All(rows => rows.Second - rows.First == tally.Done)
            ? tally
            : throw new BenchException($"Medusa claims {tally.Done} and wrote {string.Join(", ", before.Zip(after, (b, a) => a - b))} rows of {string.Join(", ", Tables)}");
    }
}
