using Tender.Domain.Amounts;
using Tender.Domain.Providers;

namespace Tender.Domain.Routing;

/// <summary>What is to be collected, as far as it matters for choosing a connection.</summary>
public sealed record RoutingQuestion(Money Amount, Mode Mode, Presentation Presentation);

/// <summary>A connection that might serve, with all that the choice needs.</summary>
/// <param name="Currencies">Lower-case codes; empty serves every currency the provider does.</param>
/// <param name="Recommended">The catalogue recommends this provider for the currency.</param>
public sealed record Candidate(
    string ConnectionId, string ProviderCode, string Name, Mode Mode, bool IsEnabled, bool IsDraining, bool IsHealthy, bool IsDefault, int Priority,
    bool Recommended, IReadOnlyList<string> Currencies, long? MinimumMinor, long? MaximumMinor, bool CanEmbed, bool CanHost);

/// <summary>The verdict on one candidate, in words a merchant understands.</summary>
public sealed record Verdict(string ConnectionId, string Name, bool IsIn, string Reason);

/// <summary>Which connections to try, in order, and why each is in or out.</summary>
public sealed record RoutePlan(IReadOnlyList<string> ConnectionIds, IReadOnlyList<Verdict> Verdicts)
{
    /// <summary>
    /// Enabled, in the payment's mode, serving the currency; then the default, then priority, then the catalogue's recommendation.
    /// An unhealthy one is passed over, but kept as the last resort: trying it beats turning the payer away.
    /// </summary>
    public static RoutePlan Choose(RoutingQuestion question, IEnumerable<Candidate> candidates)
    {
        var judged = candidates
            .Select(candidate => (Candidate: candidate, Obstacle: ObstacleFor(question, candidate)))
            .OrderBy(j => j.Obstacle is not null)
            .ThenByDescending(j => j.Candidate.IsHealthy)
            .ThenByDescending(j => j.Candidate.IsDefault)
            .ThenBy(j => j.Candidate.Priority)
            .ThenByDescending(j => j.Candidate.Recommended)
            .ThenBy(j => j.Candidate.ConnectionId, StringComparer.Ordinal)
            .ToList();

        return new(
            [.. judged.Where(j => j.Obstacle is null).Select(j => j.Candidate.ConnectionId)],
            [.. judged.Select(j => new Verdict(j.Candidate.ConnectionId, j.Candidate.Name, j.Obstacle is null, j.Obstacle ?? WhyIn(question, j.Candidate)))]);
    }

    private static string? ObstacleFor(RoutingQuestion question, Candidate candidate) => candidate switch
    {
        { IsEnabled: false } => "switched off",
        { IsDraining: true } => "takes no new payments",
        _ when candidate.Mode != question.Mode => $"is a {candidate.Mode.ToString().ToLowerInvariant()} connection",
        { Currencies.Count: > 0 } when !candidate.Currencies.Contains(question.Amount.Currency.Code) =>
            $"does not serve {question.Amount.Currency.Code.ToUpperInvariant()}",
        { MinimumMinor: { } least } when question.Amount.Minor < least => $"takes no less than {new Money(least, question.Amount.Currency)}",
        { MaximumMinor: { } most } when question.Amount.Minor > most => $"takes no more than {new Money(most, question.Amount.Currency)}",
        { CanEmbed: false } when question.Presentation is Presentation.Embedded => "cannot be embedded in a page",
        { CanHost: false } when question.Presentation is Presentation.Hosted => "has no page of its own",
        _ => null,
    };

    private static string WhyIn(RoutingQuestion question, Candidate candidate)
    {
        var currency = question.Amount.Currency.Code.ToUpperInvariant();
        var place = candidate.IsDefault ? "default" : candidate.Recommended ? $"recommended for {currency}" : $"priority {candidate.Priority}";
        return $"{place}, serves {currency}, {(candidate.IsHealthy ? "healthy" : "unhealthy: only if nothing else serves")}";
    }
}
