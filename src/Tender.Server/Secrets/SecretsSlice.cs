using Tender.Domain.Providers;
using Tender.Server.Events;
using Tender.Server.Hosting.OpenApi;
using Tender.Server.Members;
using Tender.Server.Tenancy;

namespace Tender.Server.Secrets;

/// <summary>Secrets: from the browser, at rest, in use. Nothing outside this folder decrypts.</summary>
internal static class SecretsSlice
{
    /// <param name="masterKey">The setting; null takes the file in the data folder, which the first start makes.</param>
    public static IServiceCollection AddSecrets(this IServiceCollection services, Secret? masterKey, string dataFolder) => services
        .AddSingleton(s => LoadMasterKey.Run(masterKey, dataFolder, s.GetRequiredService<ILogger<MasterKey>>()))
        .AddSingleton<CheckMasterKey>()
        .AddSingleton<EncryptionKeys>()
        .AddSingleton<Challenges>()
        .AddSingleton<TenantKeys>()
        .AddSingleton<DecryptFromClient>()
        .AddSingleton<EncryptForStorage>()
        .AddSingleton<DecryptFromStorage>()
        .AddSingleton<GetEncryptionKey>()
        .AddSingleton(Challenges.Forgotten)
        .AddSingleton<ITenantWork, ResealConnections>()
        .AddSingleton<ITenantWork, ResealJwtSecrets>()
        .AddHostedService<RefuseAnotherMasterKey>()
        .AddHostedService<TendKeys>();

    public static void MapSecrets(this IEndpointRouteBuilder app) =>
        app.MapGet("/api/encryption-key", KeyAsync).WithTags("Secrets").CallableBy(Callers.Viewer).Answers<GetEncryptionKey.Answer>("readEncryptionKey");

    /// <summary>Reads the public key that seals one secret for this tenant.</summary>
    /// <remarks>For encryptForServer. The challenge is good for one secret; ask again for the next.</remarks>
    public static async Task<IResult> KeyAsync(GetEncryptionKey get, TenantDb db, HttpContext context, CancellationToken cancellation)
    {
        // Its challenge is good for one use: no second page may be given the same.
        context.Response.Headers.CacheControl = "no-store";
        return Results.Ok(await get.RunAsync(db.Tenant, cancellation));
    }
}
