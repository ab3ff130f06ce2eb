using System.Diagnostics;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Tender.Bench;

/// <summary>
/// Medusa as npm gives it, on the same PostgreSQL, with one region and one product. A checkout session there is three calls:
/// a cart with the product in it, a payment collection for the cart, a payment session in the collection.
/// </summary>
internal sealed partial class MedusaSide : IAsyncDisposable
{
    public const string Database = "medusa";
    private static readonly TimeSpan FetchedWithin = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan PreparedWithin = TimeSpan.FromMinutes(3);
    private static readonly Dictionary<string, string> None = [];
    private readonly OwnProgram running;
    private readonly SocketRelay relay;
    private readonly Shop shop;
    private readonly int port;
    private long customers;

    private MedusaSide(OwnProgram running, SocketRelay relay, Shop shop, int port) => (this.running, this.relay, this.shop, this.port) = (running, relay, shop, port);

    /// <exception cref="BenchException">It cannot be fetched or started here.</exception>
    public static async Task<MedusaSide> StartAsync(Ground ground, Options options)
    {
        var folder = Path.Combine(options.Fetched, "medusa");
        await RunAsync(options.BenchFolder, None, PreparedWithin, "cp", "-r", "medusa", options.Fetched);
        await RunAsync(folder, None, FetchedWithin, "npm", "install", "--no-audit", "--no-fund", "--no-package-lock");

        await ground.CreateDatabaseAsync(Database);
        var at = ground.Connection(Database);
        var relay = new SocketRelay($"{at.Host}/.s.PGSQL.{at.Port}");
        var environment = new Dictionary<string, string>
        {
            ["MEDUSA_DATABASE_URL"] = $"postgresql://{at.Username}:{at.Password}@127.0.0.1:{relay.Port}/{Database}",
            ["NODE_ENV"] = "production",
            ["MEDUSA_DISABLE_TELEMETRY"] = "true",
        };
        await RunAsync(folder, environment, PreparedWithin, "npx", "medusa", "db:migrate");
        var said = await RunAsync(folder, environment, PreparedWithin, "npx", "medusa", "exec", "./src/scripts/seed.js");
        if (Seeded().Match(said) is not { Success: true } seeded) throw new BenchException("its shop could not be made");
        var shop = JsonSerializer.Deserialize<Shop>(seeded.Groups[1].Value, JsonSerializerOptions.Web)!;

        var (port, began) = (OwnProgram.FreePort(), Stopwatch.GetTimestamp());
        var running = OwnProgram.Start(Path.Combine(ground.Folder, "medusa.log"), folder, environment, "node", "node_modules/@medusajs/cli/cli.js", "start", "--port", $"{port}");
        await running.AnswersAsync(port, "GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n"u8.ToArray(), 200, began);
        return new(running, relay, shop, port);
    }

    /// <summary>Sessions by as many callers as connections, each three calls.</summary>
    public async Task<Tally> RunAsync(int connections, TimeSpan time)
    {
        var (began, done) = (Stopwatch.GetTimestamp(), 0L);
        await Task.WhenAll(Enumerable.Range(0, connections).Select(async _ =>
        {
            using var connection = new HttpConnection(port);
            while (Stopwatch.GetElapsedTime(began) < time)
            {
                var cart = await PostAsync(connection, "/store/carts",
                    $$"""{"region_id":"{{shop.Region}}","email":"bea{{Interlocked.Increment(ref customers)}}@example.com","items":[{"variant_id":"{{shop.Variant}}","quantity":2}]}""", "cart_[0-9A-Z]+");
                var collection = await PostAsync(connection, "/store/payment-collections", $$"""{"cart_id":"{{cart}}"}""", "pay_col_[0-9A-Z]+");
                await PostAsync(connection, $"/store/payment-collections/{collection}/payment-sessions", """{"provider_id":"pp_system_default"}""", "payses_[0-9A-Z]+");
                Interlocked.Increment(ref done);
            }
        }));
        return new(done, Stopwatch.GetElapsedTime(began), new Dictionary<int, long>(), null);
    }

    public async ValueTask DisposeAsync()
    {
        await running.DisposeAsync();
        relay.Dispose();
    }

    private async Task<string> PostAsync(HttpConnection connection, string path, string body, string id)
    {
        var status = await connection.SendAsync(Encoding.UTF8.GetBytes($"POST {path} HTTP/1.1\r\nHost: localhost\r\nx-publishable-api-key: {shop.Key}\r\n" +
            $"Content-Type: application/json\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n{body}"));
        var found = Regex.Match(connection.LastAnswer, id);
        return status is 200 && found.Success ? found.Value : throw new BenchException($"Medusa answered {path} with {status}: {connection.LastAnswer.Split("\r\n\r\n").ElementAtOrDefault(1)}");
    }

    private static async Task<string> RunAsync(string folder, IReadOnlyDictionary<string, string> environment, TimeSpan within, params string[] command)
    {
        var start = new ProcessStartInfo(command[0], command[1..]) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false, WorkingDirectory = folder };
        foreach (var (name, value) in environment) start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        using var patience = new CancellationTokenSource(within);
        await process.WaitForExitAsync(patience.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!process.HasExited)
        {
            process.Kill(entireProcessTree: true);
            throw new BenchException($"{string.Join(' ', command)} took longer than {within.TotalMinutes} minutes");
        }

        return process.ExitCode is 0 ? await output : throw new BenchException($"{string.Join(' ', command)} failed: {(await errors).Split('\n')[0]}");
    }

    [GeneratedRegex(@"seeded (\{[^}]*\})")]
    private static partial Regex Seeded();

    private sealed record Shop(string Key, string Region, string Variant);
}
