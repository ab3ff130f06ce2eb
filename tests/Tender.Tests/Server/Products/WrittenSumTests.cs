using Tender.Domain.Amounts;
using Tender.Server.Products;

namespace Tender.Tests.Server.Products;

public sealed class WrittenSumTests
{
    [Theory]
    [InlineData("2100", "sat", 2100)]
    [InlineData("21 000", "SAT", 21_000)]
    public void Bitcoin_is_counted_in_whole_sat(string number, string unit, long minor) =>
        WrittenSum.Read(number, unit).ShouldBe(new Money(minor, Currency.Of("btc")));

    [Theory]
    [InlineData("21.000", "sat")]
    [InlineData("21.0", "sat")]
    [InlineData("21,000", "sat")]
    [InlineData("-21", "sat")]
    [InlineData("1.200", "EUR")]
    [InlineData("1.000", "JPY")]
    [InlineData("49.00", "XYZ")]
    public void What_could_be_read_as_another_sum_is_refused(string number, string unit) => WrittenSum.Read(number, unit).ShouldBeNull();

    [Fact]
    public void A_price_with_a_dot_for_thousands_is_said_to_be_none() =>
        PriceLines.Read("49.00 USD\n1.200 EUR").Wrong!.ShouldContain("“1.200 EUR” is no price.");
}
