using Microsoft.OpenApi;
using Tender.Server.Members;

namespace Tender.Server.Hosting.OpenApi;

/// <summary>The kinds of callers in the description's words: the one place where a caller rule becomes a security requirement.</summary>
internal static class CallerSchemes
{
    public const string Key = "apiKey";
    public const string User = "userToken";
    public const string Session = "session";

    /// <summary>Each caller, the scheme that proves it, and the least role it needs there.</summary>
    public static readonly IReadOnlyList<(Callers Caller, string Scheme, string? Role)> All =
    [
        (Callers.Key, Key, null),
        (Callers.User, User, null),
        (Callers.Viewer, Session, "viewer"),
        (Callers.Operator, Session, "operator"),
        (Callers.Admin, Session, "admin"),
        (Callers.Owner, Session, "owner"),
        (Callers.Owner, Key, "owner"),
    ];

    /// <summary>Any one of them is enough; an empty one is anybody.</summary>
    public static IList<OpenApiSecurityRequirement> Of(Callers serves, OpenApiDocument document)
    {
        var enough = All.Where(kind => serves.HasFlag(kind.Caller))
            .Select(kind => new OpenApiSecurityRequirement { [new(kind.Scheme, document)] = kind.Role is null ? [] : [kind.Role] }).ToList();
        if (serves.HasFlag(Callers.Public)) enough.Insert(0, []);
        return enough;
    }

    public static IReadOnlyDictionary<string, OpenApiSecurityScheme> Schemes { get; } = new Dictionary<string, OpenApiSecurityScheme>(StringComparer.Ordinal)
    {
        [Key] = new()
        {
            Type = SecuritySchemeType.Http,
            Scheme = "bearer",
            BearerFormat = "sk_ and 64 hexadecimal digits",
            Description = "A tenant's API key, for its servers. It acts for its tenant in its mode, test or live. Where the role owner is named, a key of the installation.",
        },
        [User] = new()
        {
            Type = SecuritySchemeType.Http,
            Scheme = "bearer",
            BearerFormat = "JWT",
            Description = "A tenant's customer: a JWT, HS256 with the tenant's own secret or the installation's JWT_SECRET, with sub (the user), tenant (the tenant's id), exp, and mode when it is not the installation's.",
        },
        [Session] = new()
        {
            Type = SecuritySchemeType.ApiKey,
            In = ParameterLocation.Cookie,
            Name = RecogniseCaller.SessionCookie,
            Description = "A signed-in member, by POST /api/session or the console. The requirement names the least role; higher ones include it. Calls that change something must come from Tender's own pages.",
        },
    };
}
