namespace Tender.Server.Tenancy;

/// <summary>Whose data a request works on: a database for each tenant, an owner's database beside them.</summary>
internal static class TenancySlice
{
    /// <param name="connectionString">Names the owner's database on the server the tenants' databases are made on.</param>
    /// <param name="connectionsMax">To all tenants' databases together.</param>
    public static IServiceCollection AddTenancy(this IServiceCollection services, string connectionString, int connectionsMax = DatabaseServer.TenantConnections)
    {
        var server = new DatabaseServer(connectionString, connectionsMax);
        return services
            .AddSingleton(server)
            .AddSingleton(_ => new OwnerDb(server.OpenOwner(), server.Busy))
            .AddSingleton<WorkSignal>()
            .AddSingleton<TenantDatabases>()
            .AddSingleton<TenantTemplate>()
            .AddSingleton<Migrator>()
            .AddSingleton<CreateTenant>()
            .AddSingleton<OpenDatabases>()
            .AddHostedService<ForgetWhatIsOver>()
            .AddSingleton<OwnerNotices>()
            .AddHostedService(services => services.GetRequiredService<OwnerNotices>())
            .AddSingleton(services => ListenerOf(services.GetRequiredService<TenantDatabases>()))
            .AddSingleton<Ids>();
    }

    private static NoticeListener ListenerOf(TenantDatabases tenants) => new("tenant", tenants.Changed, tenants.AllChanged);
}
