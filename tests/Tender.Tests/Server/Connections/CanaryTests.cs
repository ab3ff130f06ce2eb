using System.Text;
using Tender.Domain.Providers;
using Tender.Server.Connections;
using Tender.Server.Tenancy;

namespace Tender.Tests.Server.Connections;

/// <summary>Secrets planted through the front door, looked for everywhere they must not be.</summary>
public sealed class CanaryTests : IAsyncLifetime
{
    private const string Key = "sk_test_canary_9f41c07be2", NewKey = "sk_test_canary_7d20aa61f3", Pasted = "whsec_canary_55e1b0c9", Plain = "sk_test_plaincanary_c3d9";
    private const string Registered = "whsec_canary_registered";
    private ConnectionsApp app = null!;

    public async Task InitializeAsync() => app = await ConnectionsApp.StartAsync();

    public async Task DisposeAsync() => await app.DisposeAsync();

    [Fact]
    public async Task Planted_secrets_are_in_no_answer_no_log_and_no_dump()
    {
        var answers = new StringBuilder();
        var id = await UseEverythingAsync(answers);

        var account = await app.Tenant.Get<OpenAccount>().RunAsync(app.Tenant.Acme, id, default);
        account.RequiredSecret("secretKey").Reveal().ShouldBe(NewKey);
        app.Tenant.Log.Lines.Count.ShouldBeGreaterThan(50);
        var dump = await DumpAsync(app.Tenant.Acme) + await DumpAsync(app.Tenant.Owner);
        dump.ShouldContain("pk_test_1");
        dump.ShouldContain("v1.1.");
        foreach (var secret in new[] { Key, NewKey, Pasted, Plain, Registered })
        {
            foreach (var spelling in SpellingsOf(secret))
            {
                answers.ToString().ShouldNotContain(spelling, Case.Insensitive);
                string.Join('\n', app.Tenant.Log.Lines).ShouldNotContain(spelling, Case.Insensitive);
                dump.ShouldNotContain(spelling, Case.Insensitive);
            }
        }
    }

    private async Task<string> UseEverythingAsync(StringBuilder answers)
    {
        var made = await KeepAsync(answers, HttpMethod.Post, "/api/connections/create", await NewAsync(Key));
        var id = made.GetProperty("id").GetString()!;
        await KeepAsync(answers, HttpMethod.Patch, $"/api/connections/{id}", new
        {
            credentials = new { secretKey = await app.SealAsync(NewKey, "connections.fake.secretKey"), webhookSecret = await app.SealAsync(Pasted, "connections.fake.webhookSecret") },
        });
        await KeepAsync(answers, HttpMethod.Post, "/api/connections/create", new { provider = "fake", credentials = new { publishableKey = Plain, secretKey = Plain } });
        await KeepAsync(answers, HttpMethod.Post, "/api/connections/fake", new { secretKey = Plain });
        await KeepAsync(answers, HttpMethod.Post, "/api/connections/create", await NewAsync("sk_test_refused_" + Plain));
        await KeepAsync(answers, HttpMethod.Post, "/api/connections/create", await NewAsync("sk_test_away_" + Plain));
        await KeepAsync(answers, HttpMethod.Post, "/api/connections/create", await NewAsync("not a key " + Plain));
        await KeepAsync(answers, HttpMethod.Post, $"/api/connections/{id}/check");
        app.Tenant.Fake.Answer = new AccountCheck.NotReached("no answer");
        await KeepAsync(answers, HttpMethod.Post, "/api/connections/batch", new { action = "check", ids = new[] { id } });
        foreach (var path in new[] { "/api/connections", "/api/connections/fake/me", "/api/audit?limit=100", "/api/encryption-key" }) await KeepAsync(answers, HttpMethod.Get, path);
        return id;
    }

    private async Task<System.Text.Json.JsonElement> KeepAsync(StringBuilder answers, HttpMethod method, string path, object? body = null)
    {
        var (status, answer) = await app.SendAsync(method, path, body);
        status.ShouldBeOneOf([200, 201, 400, 422, 502], string.Join('\n', app.Tenant.Log.Lines.Where(line => line.StartsWith("Error", StringComparison.Ordinal))));
        answers.Append(answer.ToString()).Append('\n');
        return answer;
    }

    private async Task<object> NewAsync(string secretKey) => new
    {
        provider = "fake",
        credentials = new { publishableKey = "pk_test_1", secretKey = await app.SealAsync(secretKey, "connections.fake.secretKey") },
    };

    // As text, and as bytes columns and encodings would show it; base64 at each of its three alignments.
    private static IEnumerable<string> SpellingsOf(string secret)
    {
        var bytes = Encoding.UTF8.GetBytes(secret);
        yield return secret;
        yield return Convert.ToHexString(bytes);
        for (var shift = 0; shift < 3; shift++) yield return Convert.ToBase64String(bytes[shift..(shift + 15)]);
    }

    // Every row of every table, bytes as hexadecimal digits.
    private static async Task<string> DumpAsync(Database db)
    {
        var dump = new StringBuilder();
        foreach (var table in await db.QueryAsync<string>("select table_name::text from information_schema.tables where table_schema = 'public'", null, default))
        {
            foreach (var row in await db.QueryAsync<string>($"select row_to_json(t)::text from \"{table}\" t", null, default)) dump.Append(row).Append('\n');
        }

        return dump.ToString();
    }
}
