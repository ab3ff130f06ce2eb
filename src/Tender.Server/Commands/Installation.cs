using Npgsql;
using Tender.Server.Hosting;

namespace Tender.Server.Commands;

/// <summary>What every verb that touches data opens first: the settings, and the database they name or a private one.</summary>
internal sealed class Installation : IAsyncDisposable
{
    private const string OwnerDatabase = "tender";
    private readonly PrivatePostgres? postgres;

    private Installation(Settings settings, PrivatePostgres? postgres)
    {
        Settings = settings;
        this.postgres = postgres;
    }

    /// <summary>With <see cref="Settings.Database"/> filled in; the database itself may still have to be created.</summary>
    public Settings Settings { get; }

    /// <exception cref="CannotStartException">A setting is bad, or the private database does not start.</exception>
    public static Task<Installation> OpenAsync(CancellationToken cancellation) => OpenAsync(settings => settings, cancellation);

    /// <summary>The same, with settings changed by the verb before they count.</summary>
    public static async Task<Installation> OpenAsync(Func<Settings, Settings> change, CancellationToken cancellation)
    {
        var settings = change(await Settings.ReadAsync(cancellation));
        if (settings.Database is not null) return new(settings, postgres: null);

        var postgres = await PrivatePostgres.StartAsync(settings.DataFolder, cancellation);
        var owner = new NpgsqlConnectionStringBuilder(postgres.ConnectionString) { Database = OwnerDatabase };
        return new(settings with { Database = owner.ConnectionString }, postgres);
    }

    /// <summary>For a server, which outlives its private database's accidents.</summary>
    public void Keep(WebApplicationBuilder builder)
    {
        if (postgres is not null) builder.Services.AddSingleton(postgres).AddHostedService<KeepPrivatePostgres>();
    }

    public async ValueTask DisposeAsync()
    {
        NpgsqlConnection.ClearAllPools();
        if (postgres is not null) await postgres.DisposeAsync();
    }
}
