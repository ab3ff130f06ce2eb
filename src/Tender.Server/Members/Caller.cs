using Tender.Domain.Providers;

namespace Tender.Server.Members;

/// <summary>Who is asking, as proven by a cookie, an API key or a user's token.</summary>
/// <param name="Actor">For the record: usr_…, key_…, customer:….</param>
/// <param name="Tenant">The tenant acted for; null for the owner's own calls.</param>
/// <param name="Mode">A key's mode is its own; a member's is what the console is switched to.</param>
/// <param name="Rights">What the caller is; a route lists those it serves.</param>
/// <param name="UserId">The tenant's customer, when a user's token or an acting key says so.</param>
internal sealed record Caller(string Actor, string? Tenant, Mode Mode, Callers Rights, string? UserId = null);

/// <summary>Kinds of callers. A route declares which it serves by <c>CallableBy</c>; one that declares nothing fails a test.</summary>
[Flags]
internal enum Callers
{
    None = 0,

    /// <summary>Anybody: the route proves by itself whatever needs proof (a signed link, a webhook's signature, an unguessable id).</summary>
    Public = 1,

    /// <summary>A tenant's API key.</summary>
    Key = 2,

    /// <summary>A tenant's customer with a token signed by the tenant's application.</summary>
    User = 4,

    /// <summary>A member who may look.</summary>
    Viewer = 8,

    /// <summary>A member who may act: refund, create, send.</summary>
    Operator = 16,

    /// <summary>A member who may change connections, keys and members.</summary>
    Admin = 32,

    /// <summary>Who runs the installation.</summary>
    Owner = 64,
}
