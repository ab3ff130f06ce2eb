using Tender.Domain.Providers;
using Tender.Server.Events;

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
        .AddSingleton<ITenantWork, ResealConnections>()
        .AddHostedService<TendKeys>();
}
