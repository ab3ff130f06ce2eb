using Tender.Server.Payments;

namespace Tender.Tests.Server.Payments;

/// <summary>What a case offers to send back: never what pays for a good sale, and nothing twice.</summary>
public sealed class OfferedRefundTests
{
    [Theory]
    [InlineData("underpaid", 400, 0, 400)]
    [InlineData("underpaid", 400, 400, null)]
    [InlineData("underpaid", 1000, 0, null)]
    [InlineData("underpaid", 1200, 0, null)]
    [InlineData("mismatch", 400, 0, 400)]
    [InlineData("mismatch", 0, 0, null)]
    [InlineData("mismatch", 1000, 0, null)]
    [InlineData("overpaid", 1200, 0, 200)]
    [InlineData("overpaid", 1200, 150, 50)]
    [InlineData("overpaid", 1200, 200, null)]
    [InlineData("duplicate", 2000, 0, 1000)]
    [InlineData("duplicate", 2000, 1000, null)]
    [InlineData("late", 1000, 0, 1000)]
    [InlineData("late", 1000, 300, 700)]
    [InlineData("dispute", 1000, 0, null)]
    public void A_case_offers_what_is_over_or_bought_nothing(string kind, long received, long reserved, int? offered) =>
        Case(kind, received, reserved).OfferedRefundMinor.ShouldBe(offered);

    private static ListCases.Row Case(string kind, long received, long reserved) => new(
        "case_1", "pay_1", kind, "", DateTimeOffset.UnixEpoch, null, null, null, 1000, "usd", "succeeded", received, reserved, null);
}
