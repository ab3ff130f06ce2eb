using Tender.Domain.Amounts;
using Tender.Domain.Ledger;
using Tender.Domain.Refunds;

namespace Tender.Tests.Domain;

public sealed class RefundTests
{
    private static readonly Money TenEuro = new(1000, Currency.Of("eur"));

    [Fact]
    public void Only_failed_and_canceled_refunds_free_what_they_reserved()
    {
        foreach (var status in Enum.GetValues<RefundStatus>())
        {
            var refund = new Refund("ref_1", "pay_1", "att_1", new(400, TenEuro.Currency), status);
            var frees = status is RefundStatus.Failed or RefundStatus.Canceled;

            Refundable.Left(TenEuro, [refund]).Minor.ShouldBe(frees ? 1000 : 600, status.ToString());
        }
    }

    [Fact]
    public void Every_movement_sums_to_nothing()
    {
        Movement[] all =
        [
            Movement.Paid("att_1", "con_1", TenEuro), Movement.Fee("att_1", "con_1", TenEuro), Movement.Refunded("ref_1", "con_1", TenEuro),
            Movement.RefundReturned("ref_1", "con_1", TenEuro), Movement.Disputed("dsp_1", "con_1", TenEuro), Movement.DisputeWon("dsp_1", "con_1", TenEuro),
        ];

        foreach (var movement in all) movement.Entries.Sum(e => e.Amount.Minor).ShouldBe(0, movement.Key);
        all.Select(m => m.Key).Distinct().Count().ShouldBe(all.Length);
    }
}
