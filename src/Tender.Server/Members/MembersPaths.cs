namespace Tender.Server.Members;

/// <summary>Where members' pages are.</summary>
internal static class MembersPaths
{
    public const string SignIn = "/sign-in";
    public const string SignInCode = "/sign-in/code";
    public const string SetUp = "/setup";
    public const string Invitation = "/invitation";
    public const string NotYours = "/console/not-yours";
    public const string Team = "/console/team";
    public const string Tenants = "/console/tenants";
    public const string ApiKeys = "/console/api-keys";
    public const string Session = "/api/session";
}
