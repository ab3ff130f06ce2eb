using Tender.Domain;
using Tender.Domain.Amounts;

namespace Tender.Tests.Domain.Amounts;

public sealed class MoneyTests
{
    [Theory]
    [InlineData(4900, "usd", "49.00 USD")]
    [InlineData(5, "eur", "0.05 EUR")]
    [InlineData(-1234, "eur", "-12.34 EUR")]
    [InlineData(1200, "jpy", "1200 JPY")]
    [InlineData(1, "kwd", "0.001 KWD")]
    [InlineData(2100, "btc", "0.00002100 BTC")]
    [InlineData(long.MinValue, "usd", "-92233720368547758.08 USD")]
    public void Prints_exactly_the_decimals_of_its_currency(long minor, string code, string text) =>
        new Money(minor, Currency.Of(code)).ToString().ShouldBe(text);

    [Fact]
    public void Never_mixes_currencies()
    {
        var euro = new Money(1, Currency.Of("eur"));
        var dollar = new Money(1, Currency.Of("usd"));

        Should.Throw<BrokenRuleException>(() => euro + dollar);
        Should.Throw<BrokenRuleException>(() => euro < dollar);
    }

    [Fact]
    public void Overflows_loudly()
    {
        var most = new Money(long.MaxValue, Currency.Of("eur"));

        Should.Throw<OverflowException>(() => most + new Money(1, Currency.Of("eur")));
        Should.Throw<OverflowException>(() => most * 2);
    }

    [Fact]
    public void Every_currency_has_an_exponent_and_is_read_in_any_case()
    {
        foreach (var code in Currency.AllCodes)
        {
            Currency.TryParse(code.ToUpperInvariant(), out var currency).ShouldBeTrue();
            currency.Exponent.ShouldBeInRange(0, 8);
        }

        Currency.TryParse("xyz", out _).ShouldBeFalse();
        Currency.TryParse(null, out _).ShouldBeFalse();
    }
}
