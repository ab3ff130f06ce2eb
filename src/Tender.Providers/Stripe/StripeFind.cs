using System.Text.Json.Serialization.Metadata;
using Tender.Domain.Providers;

namespace Tender.Providers.Stripe;

/// <summary>
/// Finds a payment whose start was uncertain by our attempt's id in its metadata. Stripe's lists are read after write, newest first;
/// its search is not, so it is not used.
/// </summary>
internal sealed class StripeFind(StripeApi api)
{
    // 50 pages are 5,000 payments: minutes at Stripe's highest rate. Beyond that the answer is "not known", never "not there".
    private const int PagesMax = 50;

    // Clocks differ, and a request may wait on its way; most starts are found in the first of the two windows.
    private static readonly TimeSpan ClockMargin = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan FirstWindow = TimeSpan.FromMinutes(15);

    public static readonly ProviderAnswer NotFound = new ProviderAnswer.Refused("not found", Retriable: true);

    /// <summary>Stripe's id of a payment (pi_ or cs_), or the answer to give instead.</summary>
    public async Task<(string? Id, ProviderAnswer? Instead)> RunAsync(PaymentLookup payment, Account account, CancellationToken cancellation)
    {
        if (payment.ProviderPaymentId is { } known) return (known, null);

        return payment.Presentation is Presentation.Embedded
            ? await LookThroughAsync("/v1/payment_intents", StripeJson.Default.StripeListStripePaymentIntent, p => p.Id, p => p.Metadata, payment, account, cancellation)
            : await LookThroughAsync("/v1/checkout/sessions", StripeJson.Default.StripeListStripeSession, s => s.Id, s => s.Metadata, payment, account, cancellation);
    }

    private async Task<(string? Id, ProviderAnswer? Instead)> LookThroughAsync<T>(
        string path, JsonTypeInfo<StripeList<T>> shape, Func<T, string?> idOf, Func<T, StripeMetadata?> metadataOf,
        PaymentLookup payment, Account account, CancellationToken cancellation)
    {
        var from = (payment.StartedAt - ClockMargin).ToUnixTimeSeconds();
        var middle = (payment.StartedAt + FirstWindow).ToUnixTimeSeconds();
        var pages = 0;
        foreach (var window in new[] { $"created[gte]={from}&created[lt]={middle}", $"created[gte]={middle}" })
        {
            for (string? after = null; ; pages++)
            {
                if (pages == PagesMax) return (null, new ProviderAnswer.Unknown($"Not among the {PagesMax * 100} payments Stripe was asked for."));

                var query = $"{path}?limit=100&{window}{(after is null ? "" : "&starting_after=" + StripeAsk.Escape(after))}";
                var reply = await api.GetAsync(query, shape, account, cancellation);
                if (reply is not StripeReply<StripeList<T>>.Got { Object: { Data: { } rows } page })
                {
                    return (null, reply is StripeReply<StripeList<T>>.Not no ? Unlisted(no) : new ProviderAnswer.Unknown("Stripe's list cannot be read."));
                }

                foreach (var row in rows)
                {
                    if (metadataOf(row)?.TenderAttempt == payment.Reference && idOf(row) is { } id) return (id, null);
                }

                if (!page.HasMore) break;
                if (rows.Count == 0 || (after = idOf(rows[^1])) is null) return (null, new ProviderAnswer.Unknown("Stripe's list has no end."));
            }
        }

        return (null, NotFound);
    }

    // A list that is missing does not prove that the payment is.
    private static ProviderAnswer Unlisted<T>(StripeReply<T>.Not no) =>
        no.Outcome is ProviderAnswer.Refused refused ? new ProviderAnswer.Unknown($"Stripe would not say: {refused.Reason}") : no.Outcome;
}
