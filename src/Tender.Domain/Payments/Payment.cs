using Tender.Domain.Amounts;
using Tender.Domain.Providers;

namespace Tender.Domain.Payments;

/// <summary>One sum that somebody is asked for, with its attempts. Immutable: Apply answers with the payment as it then is.</summary>
/// <param name="Attempts">In the order they were made; the last is the live one.</param>
/// <param name="WasClosed">True once it failed, expired or was canceled, even when money came after all.</param>
/// <param name="Version">Counts every committed change; two writers cannot both be right about it.</param>
public sealed record Payment(string Id, Money Amount, PaymentStatus Status, IReadOnlyList<Attempt> Attempts, bool WasClosed, long Version)
{
    /// <summary>The attempt in play.</summary>
    public Attempt? Live => Attempts.Count > 0 ? Attempts[^1] : null;

    /// <summary>What came in the payment's own currency, over all attempts.</summary>
    public Money Received => Attempts.Where(a => a.Received?.Currency == Amount.Currency)
        .Aggregate(Money.Zero(Amount.Currency), (sum, attempt) => sum + attempt.Received!.Value);

    /// <summary>What a person has to look at first; derived from the facts alone, so their order does not matter.</summary>
    public PaymentException Exception => FirstToLookAt.FirstOrDefault(Has);

    private static readonly PaymentException[] FirstToLookAt =
        [PaymentException.Mismatch, PaymentException.Duplicate, PaymentException.Underpaid, PaymentException.Overpaid, PaymentException.Late];

    /// <summary>True while it is so, also beside another one that a person looks at first.</summary>
    public bool Has(PaymentException exception) => Status is PaymentStatus.Succeeded && exception switch
    {
        PaymentException.Mismatch => Attempts.Any(a => a.Received is { } sum && sum.Currency != Amount.Currency),
        PaymentException.Duplicate => Attempts.Count(a => a.Status is AttemptStatus.Succeeded) > 1,
        PaymentException.Underpaid => Received < Amount,
        PaymentException.Overpaid => Received > Amount,
        PaymentException.Late => WasClosed,
        _ => false,
    };

    /// <summary>True when what was bought may be handed out: the money is here, in full.</summary>
    public bool IsPaidInFull => Status is PaymentStatus.Succeeded && Received >= Amount;

    /// <summary>Applies what a provider said about one attempt. The only way a payment's status changes by a provider's word.</summary>
    public Change Apply(string attemptId, PaymentReport report)
    {
        var index = IndexOf(attemptId);
        var attempt = Attempts[index];
        var after = attempt.After(report);

        // A report about an attempt we have left counts only when it brings money.
        var decides = index == Attempts.Count - 1 || report.Status is ReportedStatus.Succeeded;
        var status = decides ? PaymentTransitions.Next(Status, report.Status) : Status;
        var closes = decides && report.Status is ReportedStatus.Failed or ReportedStatus.Expired or ReportedStatus.Canceled;
        return ChangeTo(this with { Attempts = With(index, after), Status = status, WasClosed = WasClosed || closes });
    }

    /// <summary>The provider is about to be called; committed before the call.</summary>
    public Payment Sending(Attempt attempt)
    {
        if (Status is PaymentStatus.Succeeded) throw new BrokenRuleException("a paid payment is not sent again");
        return this with { Attempts = [.. Attempts, attempt with { Status = AttemptStatus.Sent }] };
    }

    /// <summary>Notes how the live attempt's call ended, when that was no report: refused, not reached, unknown.</summary>
    public Payment Ended(string attemptId, AttemptStatus how)
    {
        var index = IndexOf(attemptId);
        var now = Attempts[index];
        return this with { Attempts = With(index, now with { Status = how > now.Status ? how : now.Status }) };
    }

    /// <summary>Closes it from our side (no connection left, time up, somebody's wish). Paid stays paid.</summary>
    public Change Close(PaymentStatus how)
    {
        if (how is not (PaymentStatus.Failed or PaymentStatus.Expired or PaymentStatus.Canceled)) throw new BrokenRuleException($"{how} closes nothing");
        return Status is PaymentStatus.Succeeded
            ? new Change.None(this)
            : ChangeTo(this with { Status = Status > how ? Status : how, WasClosed = true });
    }

    private Change ChangeTo(Payment after)
    {
        if (after.Status != Status) return new Change.Moved(after, Status, after.Status);
        var same = after.WasClosed == WasClosed && after.Attempts.SequenceEqual(Attempts);
        return same ? new Change.None(this) : new Change.Noted(after);
    }

    private int IndexOf(string attemptId)
    {
        for (var i = 0; i < Attempts.Count; i++)
        {
            if (Attempts[i].Id == attemptId) return i;
        }

        throw new BrokenRuleException($"payment {Id} has no attempt {attemptId}");
    }

    private Attempt[] With(int index, Attempt attempt) => [.. Attempts.Take(index), attempt, .. Attempts.Skip(index + 1)];
}
