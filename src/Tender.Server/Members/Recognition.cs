using Tender.Server.Hosting;
using Tender.Server.Tenancy;

namespace Tender.Server.Members;

/// <summary>What a request's credentials come to.</summary>
internal abstract record Recognition
{
    private Recognition()
    {
    }

    /// <summary>It carries none.</summary>
    public sealed record Nobody : Recognition
    {
        public static readonly Nobody It = new();
    }

    /// <summary>It carries some that do not count.</summary>
    public sealed record Refused(Problem Why) : Recognition;

    /// <summary>Proven.</summary>
    /// <param name="Db">The database of the caller's tenant; null for a caller without one.</param>
    /// <param name="Member">Who is signed in; null for keys and tokens.</param>
    public sealed record Known(Caller Caller, TenantDb? Db, Member? Member = null) : Recognition;
}

/// <summary>Who asks, for endpoints and pages.</summary>
internal static class CallerOfRequest
{
    /// <summary>Who asks. A route that serves the public too may have nobody: see <see cref="TryCaller"/>.</summary>
    internal static Caller Caller(this HttpContext context) =>
        context.TryCaller() ?? throw new InvalidOperationException($"nobody is known at {context.GetEndpoint()?.DisplayName}");

    /// <summary>Who asks; null for nobody, and where the route serves only the public.</summary>
    internal static Caller? TryCaller(this HttpContext context) => context.Features.Get<Recognition.Known>()?.Caller;

    /// <summary>Who is signed in; null for keys, tokens and nobody.</summary>
    internal static Member? TryMember(this HttpContext context) => context.Features.Get<Recognition.Known>()?.Member;

    /// <summary>The database of the caller's tenant; null where there is none.</summary>
    internal static TenantDb? TryTenantDb(this HttpContext context) => context.Features.Get<Recognition.Known>()?.Db;
}
