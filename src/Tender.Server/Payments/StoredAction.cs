using System.Text.Json;
using Tender.Domain.Providers;
using Tender.Server.Hosting;

namespace Tender.Server.Payments;

/// <summary>What the payer was shown, as it lies beside the attempt.</summary>
internal static class StoredAction
{
    public static string Write(PayerAction action) => JsonSerializer.Serialize(action switch
    {
        PayerAction.Redirect redirect => new Stored("redirect", redirect.Page.ToString(), null, null, null),
        PayerAction.Embed embed => new Stored("embed", embed.Script.ToString(), embed.PublishableKey, embed.AccountId, embed.ClientSecret),
        _ => throw new Domain.BrokenRuleException($"no rule for {action.GetType().Name}"),
    }, Json.Options);

    public static PayerAction? Read(string? json)
    {
        if (json is null || JsonSerializer.Deserialize<Stored>(json, Json.Options) is not { } stored) return null;
        return stored.Kind is "redirect"
            ? new PayerAction.Redirect(new(stored.Url))
            : new PayerAction.Embed(new(stored.Url), stored.PublishableKey!, stored.AccountId, stored.ClientSecret!);
    }

    private sealed record Stored(string Kind, string Url, string? PublishableKey, string? AccountId, string? ClientSecret);
}
