using Tender.Domain;
using Tender.Domain.Amounts;
using Tender.Domain.Payments;
using Tender.Domain.Providers;

namespace Tender.Tests.Domain.Payments;

public sealed class PaymentTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);
    private static readonly Money TenEuro = new(1000, Currency.Of("eur"));

    public static TheoryData<PaymentStatus, ReportedStatus> EveryPair => Pairs<PaymentStatus>();

    public static TheoryData<AttemptStatus, ReportedStatus> EveryAttemptPair => Pairs<AttemptStatus>();

    [Fact]
    public void Money_that_arrives_after_expiry_still_counts()
    {
        var expired = NewPayment().Close(PaymentStatus.Expired).After;

        var change = expired.Apply("att_1", Says(ReportedStatus.Succeeded, TenEuro));

        change.ShouldBeOfType<Change.Moved>().To.ShouldBe(PaymentStatus.Succeeded);
        change.After.Exception.ShouldBe(PaymentException.Late);
        change.After.IsPaidInFull.ShouldBeTrue();
    }

    [Theory, MemberData(nameof(EveryPair))]
    public void Only_money_leads_to_succeeded(PaymentStatus now, ReportedStatus reported)
    {
        var moneyCame = now is PaymentStatus.Succeeded || reported is ReportedStatus.Succeeded;

        (PaymentTransitions.Next(now, reported) is PaymentStatus.Succeeded).ShouldBe(moneyCame);
    }

    [Theory, MemberData(nameof(EveryPair))]
    public void No_report_ever_weakens_a_payment(PaymentStatus now, ReportedStatus reported) =>
        (PaymentTransitions.Next(now, reported) >= now).ShouldBeTrue();

    [Theory, MemberData(nameof(EveryAttemptPair))]
    public void No_report_ever_takes_money_from_an_attempt(AttemptStatus now, ReportedStatus reported)
    {
        var next = AttemptTransitions.Next(now, reported);

        if (now is AttemptStatus.Succeeded || reported is ReportedStatus.Succeeded) next.ShouldBe(AttemptStatus.Succeeded);
        else next.ShouldNotBe(AttemptStatus.Succeeded);
    }

    [Fact]
    public void A_declined_try_leaves_the_payment_open() =>
        NewPayment().Apply("att_1", Says(ReportedStatus.Declined)).After.Status.ShouldBe(PaymentStatus.AwaitingPayer);

    [Fact]
    public void Too_little_is_no_success_to_hand_out_for()
    {
        var after = NewPayment().Apply("att_1", Says(ReportedStatus.Succeeded, new(999, TenEuro.Currency))).After;

        after.Exception.ShouldBe(PaymentException.Underpaid);
        after.IsPaidInFull.ShouldBeFalse();
    }

    [Fact]
    public void Money_in_another_currency_is_a_mismatch_and_pays_nothing()
    {
        var after = NewPayment().Apply("att_1", Says(ReportedStatus.Succeeded, new(1000, Currency.Of("usd")))).After;

        after.Exception.ShouldBe(PaymentException.Mismatch);
        after.IsPaidInFull.ShouldBeFalse();
        after.Received.Minor.ShouldBe(0);
    }

    [Fact]
    public void Money_on_an_attempt_we_had_left_counts_and_the_second_is_a_duplicate()
    {
        var moved = NewPayment().Ended("att_1", AttemptStatus.Abandoned).Sending(new("att_2", "con_2", AttemptStatus.Prepared));

        var first = moved.Apply("att_1", Says(ReportedStatus.Succeeded, TenEuro)).After;
        var both = first.Apply("att_2", Says(ReportedStatus.Succeeded, TenEuro)).After;

        first.Exception.ShouldBe(PaymentException.None);
        both.Exception.ShouldBe(PaymentException.Duplicate);
        both.Received.Minor.ShouldBe(2000);
    }

    [Fact]
    public void What_an_attempt_we_had_left_says_otherwise_does_not_close_the_payment()
    {
        var moved = NewPayment().Ended("att_1", AttemptStatus.Abandoned).Sending(new("att_2", "con_2", AttemptStatus.Prepared));

        moved.Apply("att_1", Says(ReportedStatus.Canceled)).After.Status.ShouldBe(PaymentStatus.Created);
    }

    [Fact]
    public void A_paid_payment_is_neither_closed_nor_sent_again()
    {
        var paid = NewPayment().Apply("att_1", Says(ReportedStatus.Succeeded, TenEuro)).After;

        paid.Close(PaymentStatus.Canceled).ShouldBeOfType<Change.None>();
        Should.Throw<BrokenRuleException>(() => paid.Sending(new("att_2", "con_2", AttemptStatus.Prepared)));
    }

    [Fact]
    public void The_same_report_twice_changes_nothing_the_second_time()
    {
        var once = NewPayment().Apply("att_1", Says(ReportedStatus.Processing)).After;

        once.Apply("att_1", Says(ReportedStatus.Processing)).ShouldBeOfType<Change.None>();
    }

    internal static Payment NewPayment() =>
        new Payment("pay_1", TenEuro, PaymentStatus.Created, [], WasClosed: false, Version: 1).Sending(new("att_1", "con_1", AttemptStatus.Prepared));

    internal static PaymentReport Says(ReportedStatus status, Money? received = null) => new("att_1", "pi_1", status, received, null, Noon);

    private static TheoryData<T, ReportedStatus> Pairs<T>()
        where T : struct, Enum
    {
        var pairs = new TheoryData<T, ReportedStatus>();
        foreach (var now in Enum.GetValues<T>())
        {
            foreach (var reported in Enum.GetValues<ReportedStatus>()) pairs.Add(now, reported);
        }

        return pairs;
    }
}
