using Tender.Domain.Amounts;
using Tender.Domain.Providers;
using Tender.Domain.Routing;

namespace Tender.Tests.Domain.Routing;

public sealed class RoutePlanTests
{
    private static readonly RoutingQuestion TenDollars = new(new(1000, Currency.Of("usd")), Mode.Test, Presentation.Embedded);

    private static readonly Candidate Fit = new(
        "con_a", "stripe", "Main", Mode.Test, IsEnabled: true, IsDraining: false, IsHealthy: true, IsDefault: false, Priority: 100, Recommended: false,
        Currencies: [], MinimumMinor: null, MaximumMinor: null, CanEmbed: true, CanHost: true);

    public static TheoryData<string, Candidate> Unfit => new()
    {
        { "switched off", Fit with { IsEnabled = false } },
        { "takes no new payments", Fit with { IsDraining = true } },
        { "is a live connection", Fit with { Mode = Mode.Live } },
        { "does not serve USD", Fit with { Currencies = ["ngn"] } },
        { "takes no less than 20.00 USD", Fit with { MinimumMinor = 2000 } },
        { "takes no more than 5.00 USD", Fit with { MaximumMinor = 500 } },
        { "cannot be embedded in a page", Fit with { CanEmbed = false } },
    };

    [Theory, MemberData(nameof(Unfit))]
    internal void One_that_cannot_serve_is_out_and_says_why(string reason, Candidate candidate)
    {
        var plan = RoutePlan.Choose(TenDollars, [candidate]);

        plan.ConnectionIds.ShouldBeEmpty();
        plan.Verdicts.ShouldHaveSingleItem().Reason.ShouldBe(reason);
    }

    [Fact]
    public void The_default_comes_first_then_priority_then_the_recommendation() => Order(
        Fit with { ConnectionId = "d", Priority = 2 },
        Fit with { ConnectionId = "b", Priority = 1 },
        Fit with { ConnectionId = "c", Priority = 2, Recommended = true },
        Fit with { ConnectionId = "a", Priority = 9, IsDefault = true }).ShouldBe(["a", "b", "c", "d"]);

    [Fact]
    public void An_unhealthy_one_is_only_the_last_resort() => Order(
        Fit with { ConnectionId = "sick", IsDefault = true, IsHealthy = false },
        Fit with { ConnectionId = "well" }).ShouldBe(["well", "sick"]);

    [Fact]
    public void The_order_they_are_given_in_decides_nothing()
    {
        var candidates = Enumerable.Range(0, 6).Select(i => Fit with { ConnectionId = $"con_{i}", Priority = i % 3 }).ToList();

        Order([.. candidates]).ShouldBe(Order([.. Enumerable.Reverse(candidates)]));
    }

    private static IReadOnlyList<string> Order(params Candidate[] candidates) => RoutePlan.Choose(TenDollars, candidates).ConnectionIds;
}
