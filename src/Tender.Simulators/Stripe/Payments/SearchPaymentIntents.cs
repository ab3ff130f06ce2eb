using System.Globalization;
using System.Text.RegularExpressions;
using Tender.Simulators.Stripe.Wire;

namespace Tender.Simulators.Stripe.Payments;

/// <summary>GET /v1/payment_intents/search: <c>metadata['order_id']:'42' AND status:'succeeded'</c>. New payments show up late, as with the real one.</summary>
internal static partial class SearchPaymentIntents
{
    public static readonly Accepts Accepts = Accepts.Of("query! limit page");

    public static object Run(StripeCall call)
    {
        var form = call.Form;
        var limit = (int)(form.Whole("limit") ?? 10);
        if (limit is < 1 or > 100) throw StripeProblem.Invalid("Invalid limit: must be between 1 and 100", "limit");
        var fits = Query(form.RequiredText("query"));
        var skip = form.Text("page") is { } page && int.TryParse(page, out var number) ? number : 0;
        var indexedUntil = call.World.Clock.GetUtcNow() - call.SearchDelay;
        var found = call.Account.PaymentIntents.All.Reverse().Where(intent => intent.IndexedFrom <= indexedUntil && fits(intent)).Skip(skip).Take(limit + 1).ToList();
        var hasMore = found.Count > limit;
        return new
        {
            Object = "search_result",
            Url = "/v1/payment_intents/search",
            HasMore = hasMore,
            NextPage = hasMore ? (skip + limit).ToString(CultureInfo.InvariantCulture) : null,
            Data = found.Take(limit).ToList(),
        };
    }

    private static Func<PaymentIntent, bool> Query(string query)
    {
        var hasOr = query.Contains(" OR ", StringComparison.Ordinal);
        if (hasOr && query.Contains(" AND ", StringComparison.Ordinal)) throw Unreadable(query);
        var clauses = query.Split(hasOr ? " OR " : " AND ").Select(text => Clause(text.Trim(), query)).ToList();
        return intent => hasOr ? clauses.Exists(fits => fits(intent)) : clauses.TrueForAll(fits => fits(intent));
    }

    private static Func<PaymentIntent, bool> Clause(string text, string query)
    {
        var match = ClauseForm.Match(text);
        if (!match.Success) throw Unreadable(query);
        var (field, how, wanted) = (match.Groups["field"].Value, match.Groups["how"].Value, match.Groups["value"].Value);
        var isNegative = match.Groups["not"].Success;
        Func<PaymentIntent, bool> fits = field switch
        {
            "status" => intent => intent.Status == wanted,
            "currency" => intent => intent.Currency.Equals(wanted, StringComparison.OrdinalIgnoreCase),
            "customer" => intent => intent.Customer == wanted,
            "amount" => intent => Compare(intent.Amount, how, wanted),
            "created" => intent => Compare(intent.Created, how, wanted),
            "metadata" when match.Groups["key"] is { Success: true, Value: var key } => intent => intent.Metadata.GetValueOrDefault(key) == wanted,
            _ => throw StripeProblem.Invalid($"Field `{field}` is an unsupported search field for resource `payment_intents`.", "query"),
        };
        return isNegative ? intent => !fits(intent) : fits;
    }

    private static bool Compare(long value, string how, string wanted)
    {
        if (!long.TryParse(wanted, NumberStyles.None, CultureInfo.InvariantCulture, out var number)) return false;
        return how switch
        {
            ">" => value > number,
            ">=" => value >= number,
            "<" => value < number,
            "<=" => value <= number,
            _ => value == number,
        };
    }

    private static StripeProblem Unreadable(string query) => StripeProblem.Invalid($"We were unable to parse your search query. Try a query like: metadata[\"key\"]:\"value\". You gave: {query}", "query");

    [GeneratedRegex("""^(?<not>-)?(?<field>[a-z_]+)(\[["'](?<key>[^"']+)["']\])?(?<how>:|>=|<=|>|<)\s*["']?(?<value>[^"']*)["']?$""", RegexOptions.ExplicitCapture)]
    private static partial Regex ClauseForm { get; }
}
