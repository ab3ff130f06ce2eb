using Tender.Domain.Amounts;
using Tender.Domain.Payments;
using Tender.Domain.Refunds;
using Tender.Server.Console;
using Tender.Server.Console.Parts;
using Tender.Server.Hosting;

namespace Tender.Tests.Server.Console.Parts;

public sealed class PartTextTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    // The same rows stand in src/tender.js/tests/embed.test.mjs.
    [Theory]
    [InlineData(4_900, "usd", "49.00 USD")]
    [InlineData(1_200_000, "ngn", "12\u202f000.00 NGN")]
    [InlineData(4_900, "jpy", "4\u202f900 JPY")]
    [InlineData(12_345, "kwd", "12.345 KWD")]
    [InlineData(5, "eur", "0.05 EUR")]
    [InlineData(2_100, "btc", "2\u202f100 sat")]
    [InlineData(0, "eur", "0.00 EUR")]
    [InlineData(-1_250, "usd", "−12.50 USD")]
    [InlineData(long.MaxValue, "clf", "922\u202f337\u202f203\u202f685\u202f477.5807 CLF")]
    public void A_sum_is_said_to_the_last_minor_unit(long amountMinor, string currency, string said) =>
        AmountText.Of(amountMinor, currency, Currency.Of(currency).Exponent).ToString().Replace('\u00a0', ' ').ShouldBe(said);

    [Theory]
    [InlineData(0, "now")]
    [InlineData(59, "now")]
    [InlineData(60, "1 m")]
    [InlineData(3_599, "59 m")]
    [InlineData(3_600, "1 h")]
    [InlineData(86_399, "23 h")]
    [InlineData(86_400, "yesterday")]
    [InlineData(10 * 86_400, "11 Nov")]
    [InlineData(400 * 86_400, "17 Oct 2025")]
    [InlineData(-1, "in 1 s")]
    [InlineData(-300, "in 5 m")]
    [InlineData(-7_200, "in 2 h")]
    [InlineData(-5 * 86_400, "on 26 Nov")]
    public void A_time_is_said_as_how_long_ago(int secondsAgo, string said) =>
        WhenText.Relative(Noon.AddSeconds(-secondsAgo), Noon).ShouldBe(said);

    [Fact]
    public void The_exact_time_is_in_utc() =>
        WhenText.Exact(new DateTimeOffset(2026, 11, 21, 1, 30, 0, TimeSpan.FromHours(3))).ShouldBe("2026-11-20 22:30:00 UTC");

    [Fact]
    public void Every_status_of_the_domain_has_a_look_of_its_own()
    {
        var statuses = Words<PaymentStatus>().Concat(Words<AttemptStatus>()).Concat(Words<RefundStatus>()).Concat(Words<PaymentException>().Except(["none"]));

        foreach (var status in statuses.Distinct()) StatusLook.Knows(status).ShouldBeTrue(status);
    }

    [Theory]
    [InlineData("succeeded", Tone.Good)]
    [InlineData("failed", Tone.Lost)]
    [InlineData("underpaid", Tone.Needs)]
    [InlineData("unknown", Tone.Waiting)]
    [InlineData("something_new", Tone.Quiet)]
    public void Colour_is_kept_for_what_it_means(string status, Tone tone) => StatusLook.Of(status).Tone.ShouldBe(tone);

    [Fact]
    public void A_list_is_ordered_by_its_address_and_keeps_its_filters()
    {
        const string List = "https://tender.test/console/payments?status=failed&startingAfter=pay_1";

        var up = new TableAddress(List).SortedBy("amount");
        var down = new TableAddress($"https://tender.test{up}").SortedBy("amount");
        var off = new TableAddress($"https://tender.test{down}").SortedBy("amount");

        up.ShouldBe("/console/payments?status=failed&sort=amount");
        down.ShouldBe("/console/payments?status=failed&sort=-amount");
        off.ShouldBe("/console/payments?status=failed");
        new TableAddress(List).After("pay_2").ShouldBe("/console/payments?status=failed&startingAfter=pay_2");
        new TableAddress(List).FromTheStart().ShouldBe("/console/payments?status=failed");
    }

    [Fact]
    public void A_filter_with_hostile_letters_stays_a_value() =>
        new TableAddress("https://tender.test/list?search=%22%3E%3Cscript%3E%26sort%3Dx").After("a&b").ShouldBe("/list?search=%22%3E%3Cscript%3E%26sort%3Dx&startingAfter=a%26b");

    [Theory]
    [InlineData("/console/payments?status=paid", "/console/payments?status=paid")]
    [InlineData("/", "/")]
    [InlineData("//evil.test", ConsolePaths.Home)]
    [InlineData("/\\evil.test", ConsolePaths.Home)]
    [InlineData("https://evil.test", ConsolePaths.Home)]
    [InlineData("", ConsolePaths.Home)]
    [InlineData(null, ConsolePaths.Home)]
    public void A_way_back_never_leaves_this_site(string? asked, string goes) => ConsolePaths.OnThisSite(asked).ShouldBe(goes);

    private static IEnumerable<string> Words<T>()
        where T : struct, Enum => Enum.GetValues<T>().Select(status => status.ToWord());
}
