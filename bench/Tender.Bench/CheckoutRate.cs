namespace Tender.Bench;

/// <summary>Checkout sessions a second over HTTP, against pgbench and the hand-written service, in turns.</summary>
internal sealed class CheckoutRate(Ground ground, TenderSide tender, ExpressSide express, PgbenchSide plain, PgbenchSide pipelined, Options options)
{
    public static readonly IReadOnlyList<string> Tables = ["payments", "attempts", "checkout_sessions", "idempotency_keys", "events", "locators"];

    /// <summary>What one session leaves in each of the tables.</summary>
    public static readonly IReadOnlyList<long> RowsOfTender = [1, 1, 1, 1, 3, 2];

    private const int Connections = 32;
    private const string Path = "/api/v1/checkout/sessions";
    private readonly Dictionary<string, List<(double Side, double Postgres)>> cost = [];
    private static readonly string[] ExpressTables = ["payments", "attempts", "checkout_sessions", "idempotency_keys"];

    /// <summary>Fails unless every table grew by what was claimed.</summary>
    public static void SameRows(string side, long[] before, long[] after, long done, IReadOnlyList<long> rows)
    {
        for (var i = 0; i < before.Length; i++)
        {
            if (after[i] - before[i] != done * rows[i])
                throw new BenchException($"{side} claims {done} and wrote {after[i] - before[i]} rows of {Tables[i]} instead of {done * rows[i]}");
        }
    }

    public async Task<IReadOnlyList<Line>> RunAsync()
    {
        ground.Provider.Delay = TimeSpan.Zero;
        await ProveAsync("Tender", tender.Port, tender.ApiKey, tender.ProductId);
        await ProveAsync("Express", express.Port, ExpressSide.ApiKey, ExpressSide.ProductId);
        await TenderAsync(options.WarmUp);
        await ExpressAsync(options.WarmUp);
        await plain.RunAsync(Connections, TimeSpan.FromSeconds(2));

        var rounds = new Rounds("Tender", "Express", plain.Name, pipelined.Name);
        for (var round = 0; round < options.Rounds; round++)
        {
            rounds.Add("Tender", await TenderAsync(options.Round));
            rounds.Add(plain.Name, await SpentAsync(plain.Name, null, () => plain.RunAsync(Connections, options.Round)));
            rounds.Add("Express", await ExpressAsync(options.Round));
            rounds.Add(pipelined.Name, await pipelined.RunAsync(Connections, options.Round));
        }

        foreach (var (side, spent) in cost) Console.WriteLine($"processor time each: {side} {Rounds.Number(Rounds.Median(spent.Select(s => s.Side)))} ms, PostgreSQL {Rounds.Number(Rounds.Median(spent.Select(s => s.Postgres)))} ms");
        return
        [
            rounds.Ratio("checkout sessions/s ÷ pgbench payments/s, same rows", "Tender", plain.Name, "≥ 0.5", ratio => ratio >= 0.5),
            rounds.Ratio("the same, all of pgbench's statements in one round trip", "Tender", pipelined.Name),
            rounds.Ratio("checkout sessions/s ÷ hand-written Express and pg", "Tender", "Express", "≥ 1.5", ratio => ratio >= 1.5),
        ];
    }

    private async Task<Tally> SpentAsync(string side, int? process, Func<Task<Tally>> round)
    {
        var (mine, database) = (ProcessorTime.Of(process), ProcessorTime.Of(ground.ProcessId));
        var tally = (await round()).WithoutFailures(side);
        if (!cost.TryGetValue(side, out var spent)) cost[side] = spent = [];
        spent.Add(((ProcessorTime.Of(process) - mine) / tally.Done, (ProcessorTime.Of(ground.ProcessId) - database) / tally.Done));
        return tally;
    }

    /// <summary>A round of Tender's, with its rows and its calls of the provider counted.</summary>
    public async Task<Tally> TenderAsync(TimeSpan time)
    {
        await ground.SettleAsync();
        var (before, asked) = (await TenderRowsAsync(), ground.Provider.Intents);
        var tally = await SpentAsync("Tender", tender.ProcessId, () => Load.RunAsync(tender.Port, Connections, time, 201, Requests.Sessions(Path, tender.ApiKey, tender.ProductId)));
        SameRows("Tender", before, await TenderRowsAsync(), tally.Done, RowsOfTender);
        SameCalls("Tender", ground.Provider.Intents - asked, tally.Done);
        await tender.ForgetOpenSessionsAsync();
        return tally;
    }

    private async Task<Tally> ExpressAsync(TimeSpan time)
    {
        await ground.SettleAsync();
        var (before, asked) = (await ground.CountAsync(ExpressSide.Database, ExpressTables), ground.Provider.Intents);
        var tally = await SpentAsync("Express", express.ProcessId, () => Load.RunAsync(express.Port, Connections, time, 201, Requests.Sessions(Path, ExpressSide.ApiKey, ExpressSide.ProductId)));
        SameRows("Express", before, await ground.CountAsync(ExpressSide.Database, ExpressTables), tally.Done, [1, 1, 1, 1]);
        SameCalls("Express", ground.Provider.Intents - asked, tally.Done);
        return tally;
    }

    private async Task<long[]> TenderRowsAsync() =>
        [.. await ground.CountAsync(tender.Database, [.. Tables.SkipLast(1)]), .. await ground.CountAsync(TenderSide.Owner, [.. Tables.TakeLast(1)])];

    private static void SameCalls(string side, long calls, long done)
    {
        if (calls != done) throw new BenchException($"{side} claims {done} and asked the provider {calls} times");
    }

    // Both do the whole job: a repeat gives the same session and asks nobody, a wrong key gives none.
    private async Task ProveAsync(string side, int port, string apiKey, string productId)
    {
        var asked = ground.Provider.Intents;
        using var connection = new HttpConnection(port);
        var request = Requests.Sessions(Path, apiKey, productId)()();
        var (first, one) = (await connection.SendAsync(request), SessionIn(connection.LastAnswer));
        var (again, two) = (await connection.SendAsync(request), SessionIn(connection.LastAnswer));
        var stranger = await connection.SendAsync(Requests.Sessions(Path, "sk_wrong", productId)()());
        if (first is not 201 || again is not 201 || one.Length is 0 || one != two || stranger is not 401 || ground.Provider.Intents - asked is not 1)
            throw new BenchException($"{side} does not do the job: {first}, {again}, {stranger}; {connection.LastAnswer}");
    }

    private static string SessionIn(string answer) =>
        System.Text.RegularExpressions.Regex.Match(answer, "\"sessionId\":\\s*\"([^\"]+)\"").Groups[1].Value;
}
