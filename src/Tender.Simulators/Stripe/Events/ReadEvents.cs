using Tender.Simulators.Stripe.Wire;

namespace Tender.Simulators.Stripe.Events;

/// <summary>GET /v1/events and /v1/events/{id}: the feed for catching up, 30 days back.</summary>
internal static class ReadEvents
{
    public static readonly Accepts AcceptsList = Accepts.Of($"type types[] delivery_success {StripeList.Parameters}");

    private const long Kept = 30L * 86_400;

    public static object One(StripeCall call) => call.Account.Events.Need(call.Id!).ToNode();

    public static StripeList List(StripeCall call)
    {
        var (form, oldest) = (call.Form, call.Scene.Now - Kept);
        var (type, types) = (form.Text("type"), form.Texts("types"));
        if (type is not null && types.Length > 0) throw StripeProblem.Invalid("You may only specify one of these parameters: type, types.", "types");
        if (types.Length > 20) throw StripeProblem.Invalid("You may specify at most 20 types.", "types");

        var page = call.Account.Events.Newest(form, news => news.Created >= oldest && (type is null || Fits(type, news.Type)) && (types.Length == 0 || types.Contains(news.Type)));
        return new("/v1/events", page.HasMore, [.. page.Found.Select(news => news.ToNode())]);
    }

    private static bool Fits(string asked, string type) =>
        asked == type || (asked.EndsWith(".*", StringComparison.Ordinal) && type.StartsWith(asked[..^1], StringComparison.Ordinal));
}
