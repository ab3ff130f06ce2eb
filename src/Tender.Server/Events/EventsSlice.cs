namespace Tender.Server.Events;

/// <summary>What happened, and who acts on it: the log, its deliveries, and the workers that go through all tenants.</summary>
internal static class EventsSlice
{
    public static IServiceCollection AddEvents(this IServiceCollection services) => services
        .AddSingleton<EventLog>()
        .AddHostedService<RunTenantWork>()
        .AddHostedService<TellOtherNodes>();

    /// <summary>Has a consumer's deliveries handed to it, in rounds of their own.</summary>
    public static IServiceCollection AddConsumer<TConsumer>(this IServiceCollection services)
        where TConsumer : class, IConsumeEvents => services
        .AddSingleton<TConsumer>()
        .AddSingleton<ITenantWork>(s => ActivatorUtilities.CreateInstance<DeliverEvents>(s, s.GetRequiredService<TConsumer>()));
}
