using System.Collections.Concurrent;
using System.Net;
using Tender.Simulators.Clock;
using Tender.Simulators.Stripe.Front;

namespace Tender.Simulators.Stripe.Events;

/// <summary>Signs and posts one delivery, and notes what came of it.</summary>
internal sealed class WebhookPost(SimulatorClock clock) : IDisposable
{
    private const int NotesKept = 5000;
    private static readonly TimeSpan AnswerTime = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan StaleBy = TimeSpan.FromHours(1);

    private readonly ConcurrentQueue<DeliveryNote> notes = [];
    private readonly HttpClient client = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false, MaxConnectionsPerServer = 64 }) { Timeout = AnswerTime };

    public IEnumerable<DeliveryNote> Notes => notes;

    /// <summary>True when the endpoint took it: any 2xx; redirects count as failures.</summary>
    public async Task<bool> SendAsync(Delivery delivery, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, delivery.Endpoint.Url) { Content = new ByteArrayContent(delivery.Body) };
        request.Content.Headers.ContentType = new("application/json") { CharSet = "utf-8" };
        request.Headers.TryAddWithoutValidation("Stripe-Signature", Signature(delivery));
        request.Headers.TryAddWithoutValidation("User-Agent", "Stripe/1.0 (+https://stripe.com/docs/webhooks)");
        try
        {
            using var response = await client.SendAsync(request, cancellation);
            Note(delivery, response.StatusCode, null);
            return response.IsSuccessStatusCode;
        }
        catch (Exception failed) when (failed is HttpRequestException or TaskCanceledException or InvalidOperationException)
        {
            Note(delivery, null, failed.Message);
            return false;
        }
    }

    public void Dispose() => client.Dispose();

    // The real time, not the simulator's: a receiver compares it with its own clock.
    private static string Signature(Delivery delivery)
    {
        var now = TimeProvider.System.GetUtcNow();
        var secrets = delivery.Spoiled is StripeFaultKind.Forged ? ["whsec_forged"] : delivery.Endpoint.Secrets;
        var time = delivery.Spoiled is StripeFaultKind.Stale ? now - StaleBy : now;
        return StripeSignature.Header(secrets, time.ToUnixTimeSeconds(), delivery.Body);
    }

    private void Note(Delivery delivery, HttpStatusCode? status, string? failure)
    {
        var (news, endpoint) = (delivery.Event, delivery.Endpoint);
        notes.Enqueue(new(news.Id, news.Type, news.Account.Id, endpoint.Id, endpoint.Url, delivery.Attempt, (int?)status, failure, delivery.Spoiled, clock.GetUtcNow().ToUnixTimeSeconds()));
        while (notes.Count > NotesKept) notes.TryDequeue(out _);
    }
}
