using Tender.Server.Tenancy;

namespace Tender.Server.Members;

/// <summary>Who may come in: members by sign-in, tenants' programs by API key, tenants' customers by token.</summary>
internal static class MembersSlice
{
    public static IServiceCollection AddMembers(this IServiceCollection services) => services
        .AddHttpContextAccessor()
        .AddSingleton<KnownKeys>()
        .AddSingleton<RecogniseCaller>()
        .AddSingleton<CreateApiKey>()
        .AddSingleton<ListApiKeys>()
        .AddSingleton<RevokeApiKey>()
        .AddHostedService<WriteLastUsed>()
        .AddScoped(TenantDbOfRequest);

    public static WebApplication UseMembers(this WebApplication app)
    {
        app.UseCallers();
        return app;
    }

    public static IEndpointRouteBuilder MapMembers(this IEndpointRouteBuilder routes) => routes;

    /// <summary>From here on every endpoint's rule holds. Comes after CORS, before everything that reads the caller.</summary>
    public static IApplicationBuilder UseCallers(this IApplicationBuilder app) => app.UseMiddleware<EnforceCallers>();

    private static TenantDb TenantDbOfRequest(IServiceProvider services) =>
        services.GetRequiredService<IHttpContextAccessor>().HttpContext?.TryTenantDb()
        ?? throw new InvalidOperationException("there is no tenant's caller here: the route must serve keys, users or members, or find its database by an id");
}
