using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using Tender.Server.Hosting;

namespace Tender.Server.Members;

/// <summary>
/// How often one caller may ask in a minute, and one address that proved nothing. Each node counts for itself: this keeps one
/// program from taking the others' place, it is no bill.
/// </summary>
internal sealed class RateLimits(Settings settings, TimeProvider time)
{
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    /// <summary>Who comes after so many in one minute is not counted: memory is bounded, and so many addresses are not stopped by counting.</summary>
    private const int CountedMax = 100_000;

    // What a caller of each plan may ask, as parts of the installation's own setting.
    private static readonly IReadOnlyDictionary<string, decimal> Shares = new Dictionary<string, decimal>(StringComparer.Ordinal) { ["free"] = 0.1m, ["starter"] = 0.25m, ["pro"] = 1, ["business"] = 5 };

    private readonly Limit callers = new(settings.RatePerCaller);
    private readonly IReadOnlyDictionary<string, Limit> ofPlans = Shares.ToDictionary(share => share.Key, share => new Limit(PartOf(settings.RatePerCaller, share.Value)), StringComparer.Ordinal);
    private readonly Limit addresses = new(settings.RatePerAddress);
    private Minute now = new(long.MinValue);

    /// <summary>Counts the request and says in its answer's headers what is left; false when it is one too many.</summary>
    /// <param name="caller">Null for whoever proved nothing: then the address counts.</param>
    /// <param name="plan">The caller's tenant's; null for a caller without a tenant.</param>
    public bool Let(HttpContext context, Caller? caller, string? plan = null)
    {
        var limit = caller is null ? addresses : plan is not null && ofPlans.TryGetValue(plan, out var ofPlan) ? ofPlan : callers;
        if (limit.Max is 0 || context.GetEndpoint()?.Metadata.GetMetadata<NotLimited>() is not null) return true;

        var (minute, secondsLeft) = MinuteNow();
        var counter = caller is null
            ? minute.Of(minute.Addresses, RequestAddress.Of(context.Connection.RemoteIpAddress))
            : minute.Of(minute.Callers, (caller.Tenant, caller.Actor));
        if (counter is null) return true;

        var left = limit.Max - counter.Add();
        var headers = context.Response.Headers;
        headers["RateLimit-Limit"] = limit.Text;
        headers["RateLimit-Remaining"] = Math.Max(0, left).ToString(CultureInfo.InvariantCulture);
        headers["RateLimit-Reset"] = secondsLeft.ToString(CultureInfo.InvariantCulture);
        return left >= 0;
    }

    /// <summary>Says no, and when to come again.</summary>
    public Task RefuseAsync(HttpContext context) =>
        Problem.TooMany(MinuteNow().SecondsLeft, "Too many requests in this minute; wait for the next.").ExecuteAsync(context);

    // None stays none, and a small part is never nothing.
    private static int PartOf(int max, decimal share) => max is 0 ? 0 : (int)Math.Clamp(max * share, 1, int.MaxValue);

    private (Minute Minute, int SecondsLeft) MinuteNow()
    {
        var at = time.GetUtcNow().UtcTicks;
        var number = at / Window.Ticks;
        var seen = Volatile.Read(ref now);
        // All that was counted goes with its minute. Of two who begin the next one, one does.
        if (seen.Number < number) Interlocked.CompareExchange(ref now, new(number), seen);
        var left = ((number + 1) * Window.Ticks) - at;
        return (Volatile.Read(ref now), (int)Math.Ceiling(TimeSpan.FromTicks(left).TotalSeconds));
    }

    private sealed class Limit(int max)
    {
        public int Max => max;

        public string Text { get; } = max.ToString(CultureInfo.InvariantCulture);
    }

    private sealed class Minute(long number)
    {
        private int counted;

        public long Number => number;

        public ConcurrentDictionary<(string? Tenant, string Actor), Counter> Callers { get; } = new();

        public ConcurrentDictionary<IPAddress, Counter> Addresses { get; } = new();

        public Counter? Of<TKey>(ConcurrentDictionary<TKey, Counter> counters, TKey who)
            where TKey : notnull
        {
            if (counters.TryGetValue(who, out var known)) return known;
            return Interlocked.Increment(ref counted) > CountedMax ? null : counters.GetOrAdd(who, static _ => new());
        }
    }

    private sealed class Counter
    {
        private int count;

        // Never so far that it turns negative.
        public int Add() => Volatile.Read(ref count) is int.MaxValue ? int.MaxValue : Interlocked.Increment(ref count);
    }
}

/// <summary>Marks a route that is answered however often it is asked.</summary>
internal sealed record NotLimited
{
    public static readonly NotLimited It = new();
}

/// <summary>Takes routes out of the count.</summary>
internal static class RateLimitRules
{
    /// <summary>For those whom a refusal would not slow down, but cut off: a load balancer's probe, a provider's news.</summary>
    internal static TBuilder NotRateLimited<TBuilder>(this TBuilder endpoint)
        where TBuilder : IEndpointConventionBuilder
    {
        endpoint.Add(e => e.Metadata.Add(NotLimited.It));
        return endpoint;
    }
}
