using Tender.Server.Hosting;

namespace Tender.Server.Fulfilment;

/// <summary>E-mail addresses as customers are told apart by.</summary>
internal static class CustomerEmail
{
    /// <summary>Trimmed and in lower case: the same person, however it was typed. Null when there is none.</summary>
    public static string? Normalize(string? email) => OneLine.Of(email).ToLowerInvariant() is { Length: > 0 } normal ? normal : null;
}
