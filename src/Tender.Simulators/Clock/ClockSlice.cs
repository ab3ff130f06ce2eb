namespace Tender.Simulators.Clock;

/// <summary>The clock that all simulators share, and its control.</summary>
internal static class ClockSlice
{
    public static void AddClock(this IServiceCollection services) => services
        .AddSingleton<SimulatorClock>()
        .AddSingleton<Schedule>()
        .AddHostedService(provider => provider.GetRequiredService<Schedule>());

    public static void MapClock(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/_control/clock", (SimulatorClock clock) => Json(clock));
        routes.MapPost("/_control/clock/advance", (SimulatorClock clock, Schedule schedule, AdvanceBy by) =>
        {
            clock.Advance(TimeSpan.FromSeconds(by.Seconds));
            schedule.RunDue();
            return Json(clock);
        });
    }

    private static IResult Json(SimulatorClock clock) =>
        Results.Json(new { Now = clock.GetUtcNow().ToUnixTimeSeconds(), AheadSeconds = (long)clock.Ahead.TotalSeconds });

    internal sealed record AdvanceBy(double Seconds);
}
