using System.CommandLine;
using Tender.Server.Hosting;
using Tender.Server.Hosting.OpenApi;

namespace Tender.Server.Commands;

/// <summary>tender openapi: the API's description, as docs/openapi.json keeps it. Needs no database.</summary>
internal static class ShowApi
{
    public static Command Verb()
    {
        var verb = new Command("openapi", "Prints the API's description (OpenAPI 3.1), as docs/openapi.json has it.");
        verb.SetAction(async (_, cancellation) =>
        {
            var json = await MakeAsync(cancellation);
            await using var output = System.Console.OpenStandardOutput();
            await output.WriteAsync(json, cancellation);
        });
        return verb;
    }

    /// <summary>From the routes alone: the server is put together, never started, and nothing of this installation is read or written.</summary>
    public static async Task<byte[]> MakeAsync(CancellationToken cancellation)
    {
        // Both secrets are given, so that none is made and kept.
        var nowhere = await Settings.ReadAsync(
            new Dictionary<string, string>(StringComparer.Ordinal) { ["JWT_SECRET"] = new('0', 32), ["TENDER_MASTER_KEY"] = Convert.ToBase64String(new byte[32]) },
            AppContext.BaseDirectory, cancellation) with
        {
            Database = "Host=localhost",
        };
        await using var app = TenderApp.Build(nowhere, builder => builder.Logging.ClearProviders());
        // What starting would do: from here on the routes are known.
        app.UseEndpoints(_ => { });
        return (await app.Services.GetRequiredService<ApiDocument>().GetAsync()).Json;
    }
}
