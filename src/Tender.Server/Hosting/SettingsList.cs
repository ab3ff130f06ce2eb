using System.Text;
using Tender.Server.Tenancy;

namespace Tender.Server.Hosting;

/// <summary>One name an operator may set.</summary>
/// <param name="Default">In words; null when there is none.</param>
internal sealed record Setting(string Name, string Says, string? Default, string Example);

/// <summary>Every setting there is. The file .env.example and docs/operating/settings.md are written from this list.</summary>
internal static class SettingsList
{
    public static IReadOnlyList<Setting> All { get; } =
    [
        new("DATABASE_URL", "The owner's database: a postgresql:// URL or an Npgsql connection string. The user must be allowed to create databases; each tenant gets one.", "a private PostgreSQL in the data folder", "postgresql://tender:secret@db.example.com/tender?sslmode=verify-full"),
        new("TENDER_TENANT_CONNECTIONS", $"Connections that a node keeps to all tenants' databases together, used and idle; {DatabaseServer.OwnerPoolMax} more are the owner's. PostgreSQL's max_connections must allow them for every node: its own default is 100.", $"{DatabaseServer.TenantConnections}", "60"),
        new("PORT", "The port Tender listens on; 0 takes any free one.", "3000", "8080"),
        new("TENDER_LISTEN", "Who can reach the port: all, or local, this machine alone, for a proxy beside it.", "all", "local"),
        new("FRONTEND_URL", "Where payers and members reach Tender; links in pages and mails begin with it.", "http://localhost and the port", "https://pay.example.com"),
        new("TENDER_DATA", "The data folder: generated keys, kept mails, the private database.", "data in the current folder", "/var/lib/tender"),
        new("TENDER_MASTER_KEY", "32 bytes in base64 that wrap every tenant's key. Without them nothing that was sealed opens again: keep a copy elsewhere.", "made at the first start, in the data folder", "made by: openssl rand -base64 32"),
        new("JWT_SECRET", "Signs and checks users' tokens (HS256); at least 32 bytes.", "made at the first start, in the data folder", "made by: openssl rand -hex 32"),
        new("TENDER_RATE_PER_CALLER", "Requests a minute that one key, member or customer of a tenant on the plan Pro may make on one node (Free a tenth, Starter a quarter, Business, which the demo is on, five times as many); 0 takes any number.", "60000", "6000"),
        new("TENDER_RATE_PER_ADDRESS", "Requests a minute from one address that proves nothing; 0 takes any number. Health checks and providers' webhooks are not counted.", "6000", "600"),
        new("TRUSTED_PROXIES", "Proxies on other machines whose X-Forwarded-For and X-Forwarded-Proto are believed: addresses or networks, separated by commas. Name no network that others can send from: whoever is believed can pass for any address, and limits for one address do not hold for them.", "a proxy on this machine alone", "10.0.0.2, 192.168.7.0/24"),
        new("STRIPE_SECRET_KEY", "The platform's own Stripe account: secret or restricted key.", null, "sk_test_..."),
        new("STRIPE_PUBLISHABLE_KEY", "The same account's publishable key, of the same mode.", null, "pk_test_..."),
        new("STRIPE_WEBHOOK_SECRET", "The signing secret of the platform's webhook endpoint; several, separated by commas, while one is being replaced.", null, "whsec_..."),
        new("STRIPE_PRODUCT_PRICE_ID", "The Stripe price that paid access sells where a tier has none of its own.", null, "price_..."),
        new("STRIPE_CONNECT_CLIENT_ID", "The platform's Connect client, for tenants who connect Stripe by OAuth.", null, "ca_..."),
        new("STRIPE_API_BASE", "Where Stripe's API is.", "https://api.stripe.com, or the simulator where SIMULATORS_URL is set", "https://api.stripe.com"),
        new("STRIPE_JS_URL", "Stripe's script for the page that takes the money.", "https://js.stripe.com/v3/, or the simulator's where SIMULATORS_URL is set", "https://js.stripe.com/v3/"),
        new("STRIPE_API_VERSION", "The version of Stripe's API that requests name.", "2026-07-29.dahlia", "2026-07-29.dahlia"),
        new("SMTP_URL", "Where mail leaves, smtp:// or smtps://, with user and password where needed.", "mails are kept and readable in the console, and stay kept when it is set later", "smtps://user:secret@mail.example.com"),
        new("MAIL_FROM", "The sender of every mail.", "tender@ and the host of FRONTEND_URL", "payments@example.com"),
        new("SIMULATORS_URL", "The providers' simulators; for development only, ./run sets it.", "no simulators", "http://localhost:4000"),
    ];

    /// <summary>The text of .env.example.</summary>
    public static string AsDotEnv()
    {
        var text = new StringBuilder("# Copy to .env and set what you need; the environment wins over this file. Every setting is optional.\n");
        foreach (var setting in All)
        {
            text.Append($"\n# {setting.Says}\n");
            if (setting.Default is { } standard) text.Append($"# Default: {standard}.\n");
            text.Append($"#{setting.Name}={setting.Example}\n");
        }
        return text.ToString();
    }

    /// <summary>The text of docs/operating/settings.md.</summary>
    public static string AsMarkdown()
    {
        var text = new StringBuilder("""
            # Settings

            Tender reads its settings from the environment and from a file `.env` in the folder it is started in; the environment wins.
            All are optional. A name it does not know (in `.env`, or beginning with `TENDER_`, `STRIPE_` or `SMTP_`) or a value it
            cannot use stops the start with a sentence that says which and why. This page is written by `tender settings --markdown`.

            | name | means | without it | for example |
            |---|---|---|---|

            """);
        foreach (var setting in All) text.Append($"| `{setting.Name}` | {setting.Says} | {setting.Default ?? "not used"} | `{setting.Example}` |\n");
        return text.ToString();
    }
}
