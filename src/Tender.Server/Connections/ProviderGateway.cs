using System.Collections.Concurrent;
using System.Threading.RateLimiting;
using Polly;
using Polly.CircuitBreaker;
using Polly.Timeout;
using Tender.Domain.Amounts;
using Tender.Domain.Providers;
using Tender.Providers;
using Tender.Server.Tenancy;

namespace Tender.Server.Connections;

/// <summary>
/// The only caller of handlers where money moves; what only asks (BriefQuestion) and what only reads a webhook stand beside it. Opens the credentials, keeps a time limit, a breaker and a bulkhead for each connection, and
/// turns every broken wire into NotReached (certainly not there) or Unknown (maybe there).
/// </summary>
internal sealed class ProviderGateway(AllProviders providers, OpenAccount accounts, TimeProvider time) : IDisposable
{
    // A payer is watching: Stripe's own clients wait 80 s, nobody at a till does. After it the outcome is asked for.
    private static readonly TimeSpan CallTimeMax = TimeSpan.FromSeconds(20);
    private const int CallsAtOnceMax = 64;
    private const int CallsQueuedMax = 512;

    private readonly ConcurrentDictionary<string, Guard> guards = new();

    public Task<ProviderAnswer> StartAsync(TenantDb db, ConnectionRow connection, PaymentRequest payment, CancellationToken cancellation) =>
        CallAsync(db, connection, (provider, account, limit) => provider.StartAsync(payment, account, limit), cancellation);

    public Task<ProviderAnswer> AskAsync(TenantDb db, ConnectionRow connection, PaymentLookup payment, CancellationToken cancellation) =>
        CallAsync(db, connection, (provider, account, limit) => provider.AskAsync(payment, account, limit), cancellation);

    public Task<ProviderAnswer> CancelAsync(
        TenantDb db, ConnectionRow connection, PaymentLookup payment, CancelReason reason, CancellationToken cancellation) =>
        AbleAsync<ICancelPayments>(db, connection, (provider, account, limit) => provider.CancelAsync(payment, reason, account, limit), cancellation);

    public Task<ProviderAnswer> CaptureAsync(
        TenantDb db, ConnectionRow connection, PaymentLookup payment, Money amount, CancellationToken cancellation) =>
        AbleAsync<ICapturePayments>(db, connection, (provider, account, limit) => provider.CaptureAsync(payment, amount, account, limit), cancellation);

    public Task<ProviderAnswer> RefundAsync(TenantDb db, ConnectionRow connection, RefundRequest refund, CancellationToken cancellation) =>
        AbleAsync<IRefundPayments>(db, connection, (provider, account, limit) => provider.RefundAsync(refund, account, limit), cancellation);

    public Task<ProviderAnswer> AskRefundsAsync(TenantDb db, ConnectionRow connection, PaymentLookup payment, CancellationToken cancellation) =>
        AbleAsync<IRefundPayments>(db, connection, (provider, account, limit) => provider.AskRefundsAsync(payment, account, limit), cancellation);

    /// <summary>Whether its provider can close a payment at all.</summary>
    public bool CanCancel(ConnectionRow connection) => providers.Find(connection.Provider) is ICancelPayments;

    /// <summary>False while the breaker holds calls back: routing passes such a connection over.</summary>
    public bool IsAnswering(string connectionId) =>
        !guards.TryGetValue(connectionId, out var guard) || guard.Breaker.CircuitState is CircuitState.Closed or CircuitState.HalfOpen;

    public void Dispose()
    {
        foreach (var guard in guards.Values) guard.Bulkhead.Dispose();
    }

    private Task<ProviderAnswer> AbleAsync<TAbility>(
        TenantDb db, ConnectionRow connection, Func<TAbility, Account, CancellationToken, Task<ProviderAnswer>> call, CancellationToken cancellation)
        where TAbility : class =>
        CallAsync(db, connection, (provider, account, limit) => provider is TAbility able
            ? call(able, account, limit)
            : Task.FromResult<ProviderAnswer>(new ProviderAnswer.Refused($"{connection.Name} cannot do this", Retriable: false)), cancellation);

    private async Task<ProviderAnswer> CallAsync(
        TenantDb db, ConnectionRow connection, Func<IPaymentProvider, Account, CancellationToken, Task<ProviderAnswer>> call, CancellationToken cancellation)
    {
        if (providers.Find(connection.Provider) is not { } provider)
            return new ProviderAnswer.Refused($"this installation has no provider {connection.Provider}", Retriable: true);

        var account = await accounts.RunAsync(db, connection.Id, cancellation);
        var guard = guards.GetOrAdd(connection.Id, NewGuard);
        using var lease = await guard.Bulkhead.AcquireAsync(1, cancellation);
        if (!lease.IsAcquired) return new ProviderAnswer.NotReached($"{connection.Name} has too many calls waiting");

        try
        {
            return await guard.Pipeline.ExecuteAsync(
                async (state, limit) => await TranslatedAsync(state, limit), (call, provider, account), cancellation);
        }
        catch (BrokenCircuitException)
        {
            return new ProviderAnswer.NotReached($"{connection.Name} did not answer lately; it is tried again in a moment");
        }
        catch (TimeoutRejectedException)
        {
            return new ProviderAnswer.Unknown($"{connection.Name} did not answer within {CallTimeMax.TotalSeconds} seconds");
        }
    }

    private static async Task<ProviderAnswer> TranslatedAsync(
        (Func<IPaymentProvider, Account, CancellationToken, Task<ProviderAnswer>> Call, IPaymentProvider Provider, Account Account) state,
        CancellationToken limit)
    {
        try
        {
            return await state.Call(state.Provider, state.Account, limit);
        }
        catch (HttpRequestException e) when (e.HttpRequestError is HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError)
        {
            return new ProviderAnswer.NotReached("no connection could be made");
        }
        catch (Exception e) when (e is HttpRequestException or IOException or TimeoutException)
        {
            return new ProviderAnswer.Unknown("the answer was lost");
        }
    }

    private Guard NewGuard(string connectionId)
    {
        var breaker = new CircuitBreakerStateProvider();
        var pipeline = new ResiliencePipelineBuilder<ProviderAnswer> { TimeProvider = time }
            .AddCircuitBreaker(new()
            {
                // Short, because uncertain payments are to be settled within 10 s of the provider answering again.
                BreakDuration = TimeSpan.FromSeconds(3),
                SamplingDuration = TimeSpan.FromSeconds(10),
                MinimumThroughput = 5,
                FailureRatio = 0.6,
                StateProvider = breaker,
                ShouldHandle = static arguments => ValueTask.FromResult(
                    arguments.Outcome.Result is ProviderAnswer.NotReached or ProviderAnswer.Unknown || arguments.Outcome.Exception is TimeoutRejectedException),
            })
            .AddTimeout(new TimeoutStrategyOptions { Timeout = CallTimeMax })
            .Build();
        return new(pipeline, breaker, new(new() { PermitLimit = CallsAtOnceMax, QueueLimit = CallsQueuedMax }));
    }

    private sealed record Guard(ResiliencePipeline<ProviderAnswer> Pipeline, CircuitBreakerStateProvider Breaker, ConcurrencyLimiter Bulkhead);
}
