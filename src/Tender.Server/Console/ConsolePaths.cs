namespace Tender.Server.Console;

/// <summary>Where the frame's own buttons post to and lead.</summary>
public static class ConsolePaths
{
    /// <summary>Home.</summary>
    public const string Home = "/console";

    /// <summary>POST mode and returnTo: shows test or live payments from now on.</summary>
    public const string Mode = "/console/mode";

    /// <summary>POST tenant (its code): looks at another tenant.</summary>
    public const string Tenant = "/console/tenant";

    /// <summary>POST: signs out.</summary>
    public const string SignOut = "/console/sign-out";

    /// <summary>The user's own page: name, password, second factor.</summary>
    public const string Account = "/console/account";

    /// <summary>Takes a path to go back to only when it stays on this site.</summary>
    public static string OnThisSite(string? path) =>
        path is "/" or ['/', not '/', ..] && !path.Contains('\\', StringComparison.Ordinal) && !path.Any(char.IsControl) ? path : Home;
}
