using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Tender.Bench;

/// <summary>The hand-written service of bench/express, one worker a core, on the same PostgreSQL.</summary>
internal sealed class ExpressSide : IAsyncDisposable
{
    public const string Database = "express";
    public const string ApiKey = "sk_express0123456789abcdef";
    public const string ProductId = "prod_ticket";
    private readonly OwnProgram running;

    private ExpressSide(OwnProgram running, int port) => (this.running, Port) = (running, port);

    public int ProcessId => running.ProcessId;

    public int Port { get; }

    public static async Task<ExpressSide> StartAsync(Ground ground, Options options)
    {
        var folder = Path.Combine(options.BenchFolder, "express");
        await ground.CreateDatabaseAsync(Database, await File.ReadAllTextAsync(Path.Combine(folder, "schema.sql")));
        await ground.ExecuteAsync(Database, """
            insert into api_keys (key_hash, tenant) values (@Hash, 'bench');
            insert into products (id, name, amount, currency) values (@ProductId, 'Festival ticket', 4900, 'usd')
            """, new { Hash = SHA256.HashData(Encoding.UTF8.GetBytes(ApiKey)), ProductId });

        var (port, at) = (OwnProgram.FreePort(), ground.Connection(Database));
        var environment = new Dictionary<string, string>
        {
            ["NODE_ENV"] = "production",
            ["PORT"] = $"{port}",
            ["WORKERS"] = $"{Environment.ProcessorCount}",
            ["DATABASE"] = JsonSerializer.Serialize(new { host = at.Host, user = at.Username, password = at.Password, database = at.Database }),
            ["STRIPE_URL"] = ground.Provider.Url.AbsoluteUri.TrimEnd('/'),
            ["STRIPE_SECRET_KEY"] = TenderSide.ProviderKey.Reveal(),
            ["WEBHOOK_SECRET"] = TenderSide.WebhookSecret.Reveal(),
        };
        var began = Stopwatch.GetTimestamp();
        var running = OwnProgram.Start(Path.Combine(ground.Folder, "express.log"), folder, environment, "node", "server.mjs");
        await running.AnswersAsync(port, Requests.Products("none"), 401, began);
        return new(running, port);
    }

    public ValueTask DisposeAsync() => running.DisposeAsync();
}
