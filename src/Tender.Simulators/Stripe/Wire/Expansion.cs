using System.Text.Json.Nodes;
using Tender.Simulators.Stripe.Accounts;

namespace Tender.Simulators.Stripe.Wire;

/// <summary>Puts whole objects in the place of ids, where <c>expand</c> asks for it.</summary>
internal static class Expansion
{
    private const int DepthMax = 4;

    private static readonly HashSet<string> Expandable =
    [
        "data", "latest_charge", "balance_transaction", "payment_intent", "charge", "payment_method", "customer", "dispute",
        "failure_balance_transaction", "line_items", "refunds", "source",
    ];

    public static string[][] Paths(FormNode form)
    {
        if (!form.Has("expand")) return [];
        string[][] paths = [.. form.Texts("expand").Select(path => path.Split('.'))];
        foreach (var path in paths)
        {
            if (path.Length > DepthMax || path.Any(part => !Expandable.Contains(part)))
                throw StripeProblem.Invalid($"This property cannot be expanded ({string.Join('.', path)}).", "expand");
        }

        return paths;
    }

    public static JsonNode Apply(JsonNode answer, string[][] paths, StripeAccount account)
    {
        foreach (var path in paths) Walk(answer, path, account);
        return answer;
    }

    private static void Walk(JsonNode? node, ReadOnlySpan<string> path, StripeAccount account)
    {
        if (path.IsEmpty || node is null) return;
        if (node is JsonArray list)
        {
            foreach (var item in list) Walk(item, path, account);
            return;
        }

        if (node is not JsonObject holder) return;
        var part = path[0];
        if (OnlyWhenExpanded(holder, part, account) is { } added) holder[part] = added;
        else if (holder[part] is JsonValue value && value.TryGetValue<string>(out var id) && account.Find(id) is { } found) holder[part] = StripeJson.Node(found);
        Walk(holder[part], path[1..], account);
    }

    private static JsonNode? OnlyWhenExpanded(JsonObject holder, string part, StripeAccount account)
    {
        if (holder[part] is not null) return null;
        return (holder["object"]?.GetValue<string>(), part) switch
        {
            ("checkout.session", "line_items") => StripeJson.Node(account.Sessions.Find(holder["id"]!.GetValue<string>())!.ListLines()),
            ("charge", "refunds") => StripeJson.Node(RefundsOf(holder["id"]!.GetValue<string>(), account)),
            _ => null,
        };
    }

    private static StripeList RefundsOf(string charge, StripeAccount account) =>
        new($"/v1/charges/{charge}/refunds", HasMore: false, [.. account.Refunds.All.Where(refund => refund.Charge == charge).Reverse()]);
}
