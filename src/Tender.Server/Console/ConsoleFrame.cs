using Tender.Domain.Providers;

namespace Tender.Server.Console;

/// <summary>What the frame around every console page knows. Whoever signs a member in fills it, through <see cref="CurrentFrame"/>.</summary>
/// <param name="TenantName">The tenant being looked at; null while none is chosen.</param>
/// <param name="Mode">Whether the pages show test or live payments.</param>
/// <param name="UserName">Who is signed in; null for nobody.</param>
/// <param name="UserEmail">Told in the user's menu.</param>
/// <param name="Role">The member's role at this tenant, as a word: admin, operator, viewer.</param>
/// <param name="IsOwner">Whether the installation's own pages are shown.</param>
/// <param name="Tenants">Where else this user is a member.</param>
/// <param name="Cases">How many payments need a person.</param>
public sealed record ConsoleFrame(
    string? TenantName,
    Mode Mode,
    string? UserName,
    string? UserEmail = null,
    string? Role = null,
    bool IsOwner = false,
    IReadOnlyList<ConsoleFrame.TenantChoice>? Tenants = null,
    int Cases = 0)
{
    /// <summary>Nobody is signed in.</summary>
    public static readonly ConsoleFrame Nobody = new(null, Mode.Test, null);

    /// <summary>A tenant one can switch to.</summary>
    public sealed record TenantChoice(string Code, string Name, bool IsHere = false);
}

/// <summary>The frame of the request under way. Pages and layouts get it as a cascading <see cref="ConsoleFrame"/>.</summary>
public sealed class CurrentFrame
{
    /// <summary>What is shown.</summary>
    public ConsoleFrame Frame { get; private set; } = ConsoleFrame.Nobody;

    /// <summary>Says what to show, before the page is rendered.</summary>
    public void Show(ConsoleFrame frame) => Frame = frame;
}
