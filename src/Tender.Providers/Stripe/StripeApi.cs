using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Tender.Domain.Providers;

namespace Tender.Providers.Stripe;

/// <summary>
/// Stripe's API over HTTP. It makes one request, once, and says what came of it; it never repeats one and never guesses.
/// Only a cancellation by the caller comes out as an exception.
/// </summary>
internal sealed class StripeApi(StripeOptions options, HttpClient http)
{
    private readonly string root = options.ApiBase.AbsoluteUri.TrimEnd('/');

    public Task<StripeReply<T>> GetAsync<T>(string path, JsonTypeInfo<T> shape, Account account, CancellationToken cancellation)
        where T : class =>
        SendAsync(new(HttpMethod.Get, new Uri(root + path)), shape, account, cancellation);

    /// <param name="idempotencyKey">The same for a repeat; null for what repeats without harm.</param>
    public Task<StripeReply<T>> PostAsync<T>(
        string path, StripeForm form, string? idempotencyKey, JsonTypeInfo<T> shape, Account account, CancellationToken cancellation)
        where T : class
    {
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(root + path)) { Content = form.AsBody() };
        if (idempotencyKey is not null) request.Headers.TryAddWithoutValidation("Idempotency-Key", idempotencyKey);
        return SendAsync(request, shape, account, cancellation);
    }

    private async Task<StripeReply<T>> SendAsync<T>(HttpRequestMessage request, JsonTypeInfo<T> shape, Account account, CancellationToken cancellation)
        where T : class
    {
        using var _ = request;
        if (!TryAddHeaders(request, account)) return Not<T>(new ProviderAnswer.Refused("The connection's keys are malformed.", Retriable: true));
        try
        {
            using var response = await http.SendAsync(request, cancellation);
            var body = await response.Content.ReadAsByteArrayAsync(cancellation);
            if (response.IsSuccessStatusCode) return Understand(body, shape);

            var (outcome, error) = StripeErrors.Of(response.StatusCode, body);
            return new StripeReply<T>.Not(outcome, (int)response.StatusCode, error);
        }
        catch (HttpRequestException broken) when (NeverSent(broken))
        {
            return Not<T>(new ProviderAnswer.NotReached($"Stripe could not be reached ({broken.HttpRequestError})."));
        }
        catch (Exception broken) when (broken is HttpRequestException or IOException)
        {
            return Not<T>(new ProviderAnswer.Unknown("The connection to Stripe broke before its answer came."));
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return Not<T>(new ProviderAnswer.Unknown("Stripe did not answer in time."));
        }
    }

    private bool TryAddHeaders(HttpRequestMessage request, Account account)
    {
        var key = account.RequiredSecret(StripeKeys.SecretKey).Reveal();
        var connected = account.Field(StripeKeys.ConnectedAccount);
        if (!StripeKeys.FitsHeader(key) || connected is { Length: > 0 } && !StripeKeys.FitsHeader(connected)) return false;

        request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + key);
        request.Headers.TryAddWithoutValidation("Stripe-Version", options.ApiVersion);
        if (connected is { Length: > 0 }) request.Headers.TryAddWithoutValidation("Stripe-Account", connected);
        return true;
    }

    // A success that cannot be read may still have done what was asked.
    private static StripeReply<T> Understand<T>(byte[] body, JsonTypeInfo<T> shape)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(body, shape) is { } read
                ? new StripeReply<T>.Got(read, body)
                : Not<T>(new ProviderAnswer.Unknown("Stripe's answer is empty."));
        }
        catch (JsonException)
        {
            return Not<T>(new ProviderAnswer.Unknown("Stripe's answer cannot be read."));
        }
    }

    private static bool NeverSent(HttpRequestException broken) => broken.HttpRequestError is
        HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError or HttpRequestError.ProxyTunnelError;

    private static StripeReply<T>.Not Not<T>(ProviderAnswer outcome) => new(outcome, HttpStatus: 0, Error: null);
}
