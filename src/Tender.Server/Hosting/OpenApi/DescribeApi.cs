using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Tender.Server.Hosting.OpenApi;

/// <summary>The description's head: what holds for every call, how callers prove themselves, what each group is about.</summary>
internal sealed class DescribeApi : IOpenApiDocumentTransformer
{
    private const string Says = """
        Bodies are JSON in camelCase, UTF-8, at most 1 MB; unknown members are ignored (where a payment is asked for, captured or refunded: refused), a member that stands there twice is refused.
        Amounts are integers in the currency's minor unit (1050 is 10.50 EUR, 1050 is 1050 JPY) beside a lower-case ISO 4217 code, or btc.
        Times are RFC 3339 in UTC. Ids are opaque text.
        Errors are problem documents (RFC 9457) with a stable code.
        Lists are newest first unless they say otherwise: limit says how many, startingAfter the last id of the page before, hasMore whether there are more.
        Calls that take an Idempotency-Key can be sent again: the same key with the same body gives the same answer for 24 hours.
        Answers to counted callers carry RateLimit-Limit, RateLimit-Remaining and RateLimit-Reset.
        """;

    private static readonly IReadOnlyDictionary<string, string> Tags = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["Checkout"] = "Sell on the merchant's own site: offer a product, let the payer pay, hand out what was bought.",
        ["Products"] = "What a tenant sells, with a price in each currency.",
        ["Fulfilment"] = "What the payer gets: tickets, invoices, files, by signed link or for the tenant's own callers.",
        ["Payments"] = "Payments through routing: start, find, refund, cancel, capture.",
        ["Payment links"] = "Addresses to share that sell a product or ask for a sum: made, listed, changed, and how each goes.",
        ["Paid access"] = "An application's user pays for a conversation by a link, and gets an API key.",
        ["Connections"] = "The tenant's accounts at payment providers, in the order in which they are tried.",
        ["Secrets"] = "What a browser needs to seal a credential before it is sent.",
        ["Webhooks"] = "Where providers tell their news. Proven by signature, stored, answered, then applied.",
        ["Audit"] = "Who did what, and when.",
        ["Session"] = "Signing in and out.",
        ["Health"] = "For load balancers and supervisors.",
    };

    public Task TransformAsync(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        document.Info = new() { Title = "Tender", Version = "1.0.0", Description = Says, License = new() { Name = "MIT", Identifier = "MIT" } };
        document.Servers = [new() { Url = "/", Description = "This installation." }];
        foreach (var (name, scheme) in CallerSchemes.Schemes) document.AddComponent(name, scheme);
        ProblemAnswers.AddTo(document);
        Sort(document);
        return Task.CompletedTask;
    }

    // Tags in the order above; paths and schemas by name, so that the document does not change when a line of code moves.
    private static void Sort(OpenApiDocument document)
    {
        var used = document.Paths.SelectMany(path => path.Value.Operations!.Values).SelectMany(operation => operation.Tags ?? new HashSet<OpenApiTagReference>()).Select(tag => tag.Name!).ToHashSet(StringComparer.Ordinal);
        if (used.FirstOrDefault(tag => !Tags.ContainsKey(tag)) is { } unknown) throw new Domain.BrokenRuleException($"the tag {unknown} has no sentence in DescribeApi");
        document.Tags = new HashSet<OpenApiTag>(Tags.Where(tag => used.Contains(tag.Key)).Select(tag => new OpenApiTag { Name = tag.Key, Description = tag.Value }));

        var paths = new OpenApiPaths();
        foreach (var (path, item) in document.Paths.OrderBy(path => path.Key, StringComparer.Ordinal)) paths[path] = item;
        document.Paths = paths;
        if (document.Components?.Schemas is { } schemas)
            document.Components.Schemas = schemas.OrderBy(schema => schema.Key, StringComparer.Ordinal).ToDictionary(StringComparer.Ordinal);
    }
}
