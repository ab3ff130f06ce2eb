using Npgsql;
using Tender.Server.Hosting;

namespace Tender.Tests.Server.Hosting;

public sealed class SettingsTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("tender-settings-");

    [Fact]
    public async Task Nothing_needs_to_be_set()
    {
        var settings = await Read();

        settings.Port.ShouldBe(3000);
        settings.FrontendUrl.ShouldBe(new Uri("http://localhost:3000"));
        settings.Database.ShouldBeNull();
        settings.DataFolder.ShouldBe(Path.Combine(folder.FullName, "data"));
        settings.Stripe.ApiBase.ShouldBe(new Uri("https://api.stripe.com"));
        settings.Stripe.ApiVersion.ShouldBe("2026-07-29.dahlia");
        settings.MailFrom.ShouldBe("tender@localhost");
        settings.Smtp.ShouldBeNull();
    }

    [Fact]
    public async Task The_secret_for_tokens_is_made_once_and_kept_for_nobody_else()
    {
        var first = await Read();
        var second = await Read();

        second.JwtSecret.Reveal().ShouldBe(first.JwtSecret.Reveal());
        first.JwtSecret.Reveal().Length.ShouldBeGreaterThanOrEqualTo(32);
        File.GetUnixFileMode(Path.Combine(first.DataFolder, "jwt.secret")).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    [Fact]
    public async Task The_environment_wins_over_the_file()
    {
        DotEnv("""
            # a comment
            PORT=8080
            export MAIL_FROM="shop@example.com"
            STRIPE_WEBHOOK_SECRET=whsec_new, whsec_old   # while it is replaced
            """);

        var settings = await Read(("PORT", "9090"));

        settings.Port.ShouldBe(9090);
        settings.MailFrom.ShouldBe("shop@example.com");
        settings.Stripe.WebhookSecrets.Select(s => s.Reveal()).ShouldBe(["whsec_new", "whsec_old"]);
    }

    [Fact]
    public async Task Proxies_are_addresses_and_networks()
    {
        var settings = await Read(("TRUSTED_PROXIES", "10.0.0.2, 192.168.7.0/24, fd00::/8, ::1"));

        settings.TrustedProxies.Select(proxy => proxy.ToString()).ShouldBe(["10.0.0.2/32", "192.168.7.0/24", "fd00::/8", "::1/128"]);
        (await Read()).TrustedProxies.ShouldBeEmpty();
    }

    [Fact]
    public async Task It_listens_to_all_unless_it_is_to_serve_this_machine_alone()
    {
        (await Read()).OnlyThisMachine.ShouldBeFalse();
        (await Read(("TENDER_LISTEN", "local"))).OnlyThisMachine.ShouldBeTrue();
    }

    [Fact]
    public async Task Beside_simulators_no_real_Stripe_is_asked()
    {
        var settings = await Read(("SIMULATORS_URL", "http://localhost:4000"));

        settings.Stripe.ApiBase.ShouldBe(new Uri("http://localhost:4000/stripe"));
        settings.Stripe.JsUrl.ShouldBe(new Uri("http://localhost:4000/stripe/js/stripe.js"));
    }

    [Fact]
    public async Task A_printed_record_shows_no_secret()
    {
        var settings = await Read(
            ("JWT_SECRET", "canary-canary-canary-canary-canary"), ("STRIPE_SECRET_KEY", "sk_test_canary"),
            ("STRIPE_WEBHOOK_SECRET", "whsec_canary"), ("TENDER_MASTER_KEY", Convert.ToBase64String("canarycanarycanarycanarycanary12"u8)),
            ("SMTP_URL", "smtp://ada:canary@localhost"));

        settings.ToString().ShouldNotContain("canary");
        settings.Smtp!.Password!.Reveal().ShouldBe("canary");
    }

    [Theory]
    [InlineData("PORT", "http", "PORT is \"http\"; it must be a whole number from 0 to 65535.")]
    [InlineData("PORT", "65536", "PORT is \"65536\"; it must be a whole number from 0 to 65535.")]
    [InlineData("PORT", "-1", "PORT is \"-1\"; it must be a whole number from 0 to 65535.")]
    [InlineData("TENDER_LISTEN", "127.0.0.1", "TENDER_LISTEN must be all or local.")]
    [InlineData("FRONTEND_URL", "pay.example.com", "FRONTEND_URL must be a URL that begins with http:// or https://.")]
    [InlineData("FRONTEND_URL", "https://a.example/?x=1", "FRONTEND_URL must be a URL without ? and #.")]
    [InlineData("JWT_SECRET", "short", "JWT_SECRET has 5 bytes; it must have at least 32, for example from: openssl rand -hex 32.")]
    [InlineData("TENDER_MASTER_KEY", "AAAA", "TENDER_MASTER_KEY must be 32 bytes in base64, for example from: openssl rand -base64 32.")]
    [InlineData("STRIPE_SECRET_KEY", "pk_test_1", "STRIPE_SECRET_KEY must be a key that begins with sk_test_, sk_live_, rk_test_ or rk_live_.")]
    [InlineData("STRIPE_WEBHOOK_SECRET", "whsec_a,b", "STRIPE_WEBHOOK_SECRET must be secrets that begin with whsec_, separated by commas.")]
    [InlineData("STRIPE_API_VERSION", "latest", "STRIPE_API_VERSION must be a version such as 2026-07-29.dahlia.")]
    [InlineData("SMTP_URL", "mail.example.com", "SMTP_URL must be a URL that begins with smtp:// or smtps://.")]
    [InlineData("TRUSTED_PROXIES", "10.0.0.2, proxy", "TRUSTED_PROXIES has \"proxy\"; each must be an address such as 10.0.0.2 or a network such as 10.0.0.0/8.")]
    [InlineData("TRUSTED_PROXIES", "10", "TRUSTED_PROXIES has \"10\"; each must be an address such as 10.0.0.2 or a network such as 10.0.0.0/8.")]
    [InlineData("TRUSTED_PROXIES", "10.0.0.1/8", "TRUSTED_PROXIES has \"10.0.0.1/8\"; each must be an address such as 10.0.0.2 or a network such as 10.0.0.0/8.")]
    [InlineData("TRUSTED_PROXIES", "10.0.0.0/33", "TRUSTED_PROXIES has \"10.0.0.0/33\"; each must be an address such as 10.0.0.2 or a network such as 10.0.0.0/8.")]
    [InlineData("MAIL_FROM", "nobody", "MAIL_FROM is \"nobody\"; it must be a mail address such as payments@example.com.")]
    [InlineData("TENDER_MASTERKEY", "x", "TENDER_MASTERKEY in the environment is not a setting of Tender; did you mean TENDER_MASTER_KEY?")]
    [InlineData("STRIPE_SECRET", "x", "STRIPE_SECRET in the environment is not a setting of Tender; did you mean STRIPE_SECRET_KEY?")]
    [InlineData("TENDER_COLOUR_OF_THE_SKY", "x", "TENDER_COLOUR_OF_THE_SKY in the environment is not a setting of Tender; docs/operating/settings.md lists them.")]
    [InlineData("DATABASE_URL", "mysql://localhost/x", "DATABASE_URL is neither a postgresql:// URL nor a connection string such as Host=db.example.com;Database=tender;Username=tender.")]
    [InlineData("DATABASE_URL", "postgresql://localhost", "DATABASE_URL names no database, such as /tender at its end.")]
    [InlineData("DATABASE_URL", "postgresql:///tender", "DATABASE_URL names no host.")]
    [InlineData("DATABASE_URL", "postgresql://localhost/t?sslmode=on", "DATABASE_URL has sslmode=on; it must be one of disable, allow, prefer, require, verify-ca, verify-full.")]
    public async Task A_bad_setting_stops_the_start_with_a_sentence(string name, string value, string sentence)
    {
        var stop = await Should.ThrowAsync<CannotStartException>(() => Read((name, value)));

        stop.Message.ShouldBe(sentence);
    }

    [Theory]
    [InlineData("PROT=1", "PROT in .env is not a setting of Tender; did you mean PORT?")]
    [InlineData("PORT", "Line 1 of .env is not NAME=value.")]
    [InlineData("PORT=1\nPORT=2", ".env sets PORT twice; keep one.")]
    [InlineData("PORT=\"1", "Line 1 of .env opens a quote and does not close it.")]
    public async Task A_bad_file_stops_the_start_with_a_sentence(string text, string sentence)
    {
        DotEnv(text);

        var stop = await Should.ThrowAsync<CannotStartException>(() => Read());

        stop.Message.Replace(folder.FullName + "/", "", StringComparison.Ordinal).ShouldBe(sentence);
    }

    [Fact]
    public async Task Keys_of_different_modes_stop_the_start()
    {
        var stop = await Should.ThrowAsync<CannotStartException>(() => Read(("STRIPE_SECRET_KEY", "sk_live_1"), ("STRIPE_PUBLISHABLE_KEY", "pk_test_1")));

        stop.Message.ShouldContain("different modes");
    }

    [Theory]
    [InlineData("postgresql://ada:p%40ss@db.example.com:6543/tender?sslmode=verify-full", "db.example.com", 6543, "ada", "p@ss", "tender")]
    [InlineData("postgres://ada@localhost/tender", "localhost", 5432, "ada", null, "tender")]
    [InlineData("postgresql:///tender?host=/run/postgresql&user=ada", "/run/postgresql", 5432, "ada", null, "tender")]
    [InlineData("Host=db;Port=6543;Username=ada;Password=pass;Database=tender", "db", 6543, "ada", "pass", "tender")]
    public async Task A_database_is_named_as_tools_for_PostgreSQL_name_it(string url, string host, int port, string user, string? password, string database)
    {
        var read = new NpgsqlConnectionStringBuilder((await Read(("DATABASE_URL", url))).Database);

        (read.Host, read.Port, read.Username, read.Password, read.Database).ShouldBe((host, port, user, password, database));
    }

    [Fact]
    public void The_documents_are_those_the_list_writes()
    {
        File.ReadAllText(Path.Combine(Repository.Root, ".env.example")).ShouldBe(SettingsList.AsDotEnv());
        File.ReadAllText(Path.Combine(Repository.Root, "docs/operating/settings.md")).ShouldBe(SettingsList.AsMarkdown());
    }

    public void Dispose() => folder.Delete(recursive: true);

    private void DotEnv(string text) => File.WriteAllText(Path.Combine(folder.FullName, ".env"), text);

    private Task<Settings> Read(params (string Name, string Value)[] environment) =>
        Settings.ReadAsync(environment.ToDictionary(pair => pair.Name, pair => pair.Value), folder.FullName, CancellationToken.None);
}
