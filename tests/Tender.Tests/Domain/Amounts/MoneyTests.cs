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

    [Theory]
    [InlineData("49", "usd", 4900)]
    [InlineData("49.5", "usd", 4950)]
    [InlineData("49.00", "usd", 4900)]
    [InlineData("49,00", "eur", 4900)]
    [InlineData("1 200", "eur", 120_000)]
    [InlineData("12 345 678,90", "eur", 1_234_567_890)]
    [InlineData("1\u202F200.5", "usd", 120_050)]
    [InlineData(" 7 ", "usd", 700)]
    [InlineData("1.200", "kwd", 1200)]
    [InlineData("1200", "jpy", 1200)]
    [InlineData("0.00002100", "btc", 2100)]
    public void Is_read_as_a_person_writes_it(string text, string code, long minor) =>
        Money.FromMajorText(text, Currency.Of(code)).ShouldBe(new Money(minor, Currency.Of(code)));

    // Who writes 1.200 may mean more than a thousand.
    [Theory]
    [InlineData("1.200", "eur")]
    [InlineData("20.000", "eur")]
    [InlineData("1.000", "jpy")]
    [InlineData("1.0", "jpy")]
    [InlineData("1.0000", "kwd")]
    [InlineData("0.000021000", "btc")]
    [InlineData("1.205", "usd")]
    [InlineData("1,200", "usd")]
    [InlineData("1.200,00", "eur")]
    [InlineData("-1", "usd")]
    [InlineData("1e3", "usd")]
    [InlineData("", "usd")]
    [InlineData("1 2 3", "usd")]
    [InlineData("12 00", "usd")]
    [InlineData("1 200 00", "usd")]
    [InlineData("4 9.00", "usd")]
    [InlineData("92233720368547758.08", "usd")]
    public void Is_refused_with_more_decimals_than_its_currency_has_zeros_too(string text, string code) =>
        Money.FromMajorText(text, Currency.Of(code)).ShouldBeNull();
}
