namespace Tender.Bench;

/// <summary>Webhooks taken in a second: signature checked, stored once, on disk before the answer. Every tenth is a repeat.</summary>
internal sealed class WebhookIntake(Ground ground, TenderSide tender, ExpressSide express, Options options)
{
    private const int Connections = 32;

    public async Task<IReadOnlyList<Line>> RunAsync()
    {
        await RoundAsync("Tender", options.WarmUp);
        await RoundAsync("Express", options.WarmUp);
        var rounds = new Rounds("Tender", "Express");
        for (var round = 0; round < options.Rounds; round++)
        {
            foreach (var side in new[] { "Tender", "Express" }) rounds.Add(side, await RoundAsync(side, options.Round));
        }

        return [rounds.Ratio("webhooks taken in/s ÷ Express, stripe and pg", "Tender", "Express", "≥ 4", ratio => ratio >= 4)];
    }

    private async Task<Tally> RoundAsync(string side, TimeSpan time)
    {
        var (database, table, port, path) = side is "Tender"
            ? (tender.Database, "provider_events", tender.Port, $"/api/webhooks/stripe/{tender.ConnectionId}")
            : (ExpressSide.Database, "webhook_events", express.Port, "/api/webhooks/stripe");
        await ground.SettleAsync();
        var before = await ground.CountAsync(database, [table]);
        var counted = 0L;
        var make = Requests.Webhooks(path, TenderSide.WebhookSecret, TimeProvider.System);
        var tally = (await Load.RunAsync(port, Connections, time, 200, () =>
        {
            var next = make();
            var sent = 0;
            return () =>
            {
                if (++sent % Requests.RepeatEvery is not 0) Interlocked.Increment(ref counted);
                return next();
            };
        })).WithoutFailures(side);
        var stored = (await ground.CountAsync(database, [table]))[0] - before[0];
        return stored == counted ? tally : throw new BenchException($"{side} took in {counted} different webhooks and stored {stored}");
    }
}
