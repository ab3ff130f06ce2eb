using Tender.Domain.Amounts;
using Tender.Domain.Payments;
using Tender.Domain.Providers;
using Tender.Server.Payments;
using Tender.Server.Tenancy;

namespace Tender.Tests.Server.Payments;

/// <summary>A payment that was paid twice, through two connections; the payer's bank asks the second one's money back.</summary>
public sealed class DisputedAttemptTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);
    private static readonly Ids Ids = new(TimeProvider.System);
    private static readonly Money Ten = new(1_000, Currency.Of("eur"));

    [Fact]
    public void A_dispute_names_the_attempt_it_is_about_and_its_money_leaves_that_ones_account()
    {
        var before = new StoredPayment(
            new(Ids.New("pay", "abcdef"), Ten, PaymentStatus.Succeeded, [Paid("att_1", "con_1"), Paid("att_2", "con_2")], WasClosed: false, Version: 3),
            new(Mode.Test, "api", null, "Payment", null, null, Presentation.Hosted, false, null, null, Noon, Noon, new Dictionary<string, string>(), new Dictionary<string, DateTimeOffset>()), [], []);

        var after = ApplyReports.To(before, "att_2", [new DisputeReport("pi_att_2", "dp_1", ReportedDisputeStatus.Open, Ten, Noon)], Ids);

        after.Disputes.ShouldHaveSingleItem().AttemptId.ShouldBe("att_2");
        PaymentMovements.Between(before, after).ShouldHaveSingleItem().Entries.Select(e => e.Account).ShouldContain("provider:con_2");
    }

    private static Attempt Paid(string id, string connectionId) => new(id, connectionId, AttemptStatus.Succeeded, $"pi_{id}", Ten);
}
