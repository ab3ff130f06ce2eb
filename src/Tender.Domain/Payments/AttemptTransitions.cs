using Tender.Domain.Providers;
using static Tender.Domain.Payments.AttemptStatus;

namespace Tender.Domain.Payments;

/// <summary>The state machine of one attempt. An unknown one can become anything once the provider says so; nothing guesses.</summary>
public static class AttemptTransitions
{
    public static AttemptStatus Next(AttemptStatus now, ReportedStatus reported) => (now, reported) switch
    {
        (Succeeded, _) => Succeeded,
        (_, ReportedStatus.Succeeded) => Succeeded,
        (_, ReportedStatus.Unknown) => Stronger(now, AttemptStatus.Unknown),
        (_, ReportedStatus.Pending or ReportedStatus.Declined or ReportedStatus.Processing or ReportedStatus.Authorized) => Stronger(now, Pending),
        (_, ReportedStatus.Failed or ReportedStatus.Expired or ReportedStatus.Canceled) => AttemptStatus.Declined,
        _ => throw new BrokenRuleException($"{now} has no answer to {reported}"),
    };

    private static AttemptStatus Stronger(AttemptStatus left, AttemptStatus right) => left > right ? left : right;
}
