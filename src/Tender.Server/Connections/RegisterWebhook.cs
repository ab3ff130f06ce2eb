using Tender.Domain.Providers;
using Tender.Server.Tenancy;

namespace Tender.Server.Connections;

/// <summary>
/// Has the provider send its webhooks to the connection's own address, where it can be told by API. That it does not is no reason to refuse
/// the connection: payments are asked about too, and the secret can be pasted.
/// </summary>
internal sealed class RegisterWebhook(WebhookAddress addresses, SealSecrets seal, TimeProvider time)
{
    private static readonly TimeSpan TimeMax = TimeSpan.FromSeconds(15);

    /// <summary>What the member has to do by hand, in a sentence; null when nothing.</summary>
    public async Task<string?> RunAsync(TenantDb db, IPaymentProvider provider, Account account, CancellationToken cancellation)
    {
        if (account.AcceptedWebhookSecrets.Count > 0) return null;
        var address = addresses.Of(provider.Code, account.ConnectionId);
        if (provider is not IRegisterWebhooks able) return null;

        switch (await AskAsync(able, address, account, cancellation))
        {
            case WebhookRegistration.Registered registered:
                await StoreAsync(db, account.ConnectionId, registered, cancellation);
                return null;
            case WebhookRegistration.Refused refused:
                return $"The provider did not set up webhooks ({refused.Reason}). Add {address} there by hand, then enter its signing secret here.";
            default:
                return $"The provider did not answer when webhooks were to be set up. Add {address} there by hand, then enter its signing secret here.";
        }
    }

    private async Task<WebhookRegistration> AskAsync(IRegisterWebhooks able, Uri address, Account account, CancellationToken cancellation)
    {
        using var timer = new CancellationTokenSource(TimeMax, time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation, timer.Token);
        try
        {
            return await able.RegisterAsync(address, account, limit.Token);
        }
        catch (Exception fault) when (fault is HttpRequestException or IOException or TimeoutException
            || (fault is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            return new WebhookRegistration.NotReached("no answer");
        }
    }

    private async Task StoreAsync(TenantDb db, string connectionId, WebhookRegistration.Registered registered, CancellationToken cancellation)
    {
        var secrets = new Dictionary<string, Secret>(StringComparer.Ordinal) { [WebhookSecrets.Current] = registered.SigningSecret };
        await db.ExecuteAsync($"""
            update connections set sealed_secrets = sealed_secrets || @Sealed::jsonb, webhook_endpoint_id = @ProviderEndpointId, {ChangeConnection.NewVersion}
            where id = @connectionId
            """, new
        {
            connectionId,
            registered.ProviderEndpointId,
            Now = time.GetUtcNow(),
            Sealed = await seal.RunAsync(db.Tenant.Code, connectionId, secrets, cancellation),
        }, cancellation);
    }
}
