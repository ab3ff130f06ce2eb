using FsCheck;
using FsCheck.Fluent;
using Tender.Domain.Amounts;
using Tender.Domain.Disputes;
using Tender.Domain.Payments;
using Tender.Domain.Providers;
using Tender.Domain.Refunds;

namespace Tender.Tests.Domain.Payments;

/// <summary>Reports come in any order and any number of times; where a payment ends up must not depend on it.</summary>
public sealed class AnyOrderTests
{
    private const int Sequences = 5_000;
    private static readonly DateTimeOffset Noon = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);
    private static readonly Currency Eur = Currency.Of("eur");

    private static readonly Gen<(string Attempt, PaymentReport Report)> AnyReport =
        from attempt in Gen.Elements("att_1", "att_2")
        from id in Gen.Elements("cs_1", "pi_1")
        from status in Gen.Elements(Enum.GetValues<ReportedStatus>())
        from minor in Gen.Elements(999L, 1000L, 1001L)
        from currency in Gen.Elements("eur", "usd")
        from fee in Gen.Elements<long?>(null, 30L)
        select (attempt, new PaymentReport(
            attempt, id, status, status is ReportedStatus.Succeeded ? new Money(minor, Currency.Of(currency)) : null,
            fee is { } f ? new Money(f, Eur) : null, Noon));

    [Fact]
    public void Any_order_and_any_repetition_of_reports_gives_the_same_payment() =>
        Prop.ForAll(Shuffled(AnyReport).ToArbitrary(), pair => Same(Facts(Applied(pair.Straight)), Facts(Applied(pair.Mixed))))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(Sequences));

    [Fact]
    public void Any_order_of_reports_gives_the_same_refund()
    {
        var any = Gen.Elements(Enum.GetValues<ReportedRefundStatus>());
        Prop.ForAll(Shuffled(any).ToArbitrary(), pair => Refunded(pair.Straight) == Refunded(pair.Mixed)).Check(Config.QuickThrowOnFailure.WithMaxTest(Sequences));
    }

    [Fact]
    public void Any_order_of_reports_gives_the_same_dispute()
    {
        var any = Gen.Elements(Enum.GetValues<ReportedDisputeStatus>());
        Prop.ForAll(Shuffled(any).ToArbitrary(), pair => Disputed(pair.Straight) == Disputed(pair.Mixed)).Check(Config.QuickThrowOnFailure.WithMaxTest(Sequences));
    }

    // The same reports, some of them several times, in another order.
    private static Gen<(List<T> Straight, List<T> Mixed)> Shuffled<T>(Gen<T> any) =>
        from straight in any.NonEmptyListOf()
        from again in Gen.Elements(straight.ToArray()).ListOf()
        from mixed in Gen.Shuffle(straight.Concat(again).ToArray())
        select (straight.ToList(), mixed.ToList());

    private static Payment Applied(IEnumerable<(string Attempt, PaymentReport Report)> reports)
    {
        var start = PaymentTests.NewPayment().Ended("att_1", AttemptStatus.Abandoned).Sending(new("att_2", "con_2", AttemptStatus.Prepared));
        return reports.Aggregate(start, (payment, said) => payment.Apply(said.Attempt, said.Report).After);
    }

    private static string Facts(Payment payment) =>
        $"{payment.Status} {payment.Exception} {payment.WasClosed} {payment.Received} {string.Join(';', payment.Attempts)}";

    private static bool Same(string left, string right) => left == right;

    private static RefundStatus Refunded(IEnumerable<ReportedRefundStatus> said) =>
        said.Aggregate(RefundStatus.Reserved, RefundTransitions.Next);

    private static DisputeStatus Disputed(IEnumerable<ReportedDisputeStatus> said) =>
        said.Aggregate(DisputeStatus.Inquiry, DisputeTransitions.Next);
}
