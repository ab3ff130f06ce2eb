using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using Tender.Server.Hosting;
using Tender.Server.Tenancy;

namespace Tender.Server.Members;

/// <summary>Who may come in: members by sign-in, tenants' programs by API key, tenants' customers by token.</summary>
internal static class MembersSlice
{
    private static readonly TimeSpan SessionKept = TimeSpan.FromHours(12);
    private static readonly TimeSpan CodeAwaited = TimeSpan.FromMinutes(5);

    public static IServiceCollection AddMembers(this IServiceCollection services)
    {
        services
            .AddHttpContextAccessor()
            .AddScoped(TenantDbOfRequest)
            .AddSingleton<RecogniseCaller>()
            .AddSingleton<RateLimits>()
            .AddSingleton<FillConsoleFrame>()
            .AddSingleton(s => ActivatorUtilities.CreateInstance<JwtSecrets>(s, s.GetRequiredService<Settings>().JwtSecret))
            .AddSingleton(s => ListenerOf(s.GetRequiredService<JwtSecrets>()))
            .AddSingleton(JwtSecrets.Forgotten)
            .AddSingleton(s => ActivatorUtilities.CreateInstance<VerifyUserToken>(s, s.GetRequiredService<Settings>().Stripe.Mode))
            .AddSingleton<ChangeJwtSecret>();
        AddKeys(services);
        AddPeople(services);
        AddSessions(services);
        return services;
    }

    /// <summary>From here on every endpoint's rule holds.</summary>
    public static WebApplication UseMembers(this WebApplication app)
    {
        app.UseCallers();
        return app;
    }

    public static IEndpointRouteBuilder MapMembers(this IEndpointRouteBuilder routes)
    {
        SessionEndpoints.Map(routes);
        JwtSecretEndpoints.Map(routes);
        return routes;
    }

    /// <summary>Knows the caller and enforces the endpoint's rule. Comes after CORS, before everything that reads the caller.</summary>
    public static IApplicationBuilder UseCallers(this IApplicationBuilder app) => app.UseMiddleware<EnforceCallers>();

    private static void AddKeys(IServiceCollection services) => services
        .AddSingleton<KnownKeys>()
        .AddSingleton<CreateApiKey>()
        .AddSingleton<ListApiKeys>()
        .AddSingleton<RevokeApiKey>()
        .AddHostedService<WriteKeyUse>()
        .AddSingleton(s => ListenerOf(s.GetRequiredService<KnownKeys>()));

    private static void AddPeople(IServiceCollection services) => services
        .AddSingleton<KnownMembers>()
        .AddSingleton<CreateMember>()
        .AddSingleton<SetPassword>()
        .AddSingleton<InviteMember>()
        .AddSingleton<AcceptInvitation>()
        .AddSingleton<ListTeam>()
        .AddSingleton<ChangeMembership>()
        .AddSingleton<ListTenants>()
        .AddSingleton<AddTenant>()
        .AddSingleton<OfferSetUp>()
        .AddSingleton<SetUpInstallation>()
        .AddSingleton(s => ListenerOf(s.GetRequiredService<KnownMembers>()));

    private static void AddSessions(IServiceCollection services)
    {
        services.AddSingleton<SignInLimits>().AddSingleton<KnownBrowsers>().AddSingleton<EndSessions>().AddScoped<SignIn>().AddScoped<ChangeAccount>();
        services.AddSingleton<IPasswordHasher<User>, PasswordHasher<User>>().AddSingleton<ILookupNormalizer, UpperInvariantLookupNormalizer>();
        services.AddScoped<IUserClaimsPrincipalFactory<User>, SessionPrincipal>();
        services.AddIdentityCore<User>(Identity).AddUserStore<UserStore>().AddSignInManager().AddTokenProvider<TotpCodes>(TokenOptions.DefaultAuthenticatorProvider);
        // 210,000 rounds of PBKDF2-SHA-512: OWASP Password Storage Cheat Sheet, 2025.
        services.Configure<PasswordHasherOptions>(hashing => hashing.IterationCount = 210_000);
        services.AddAuthentication()
            .AddCookie(IdentityConstants.ApplicationScheme, cookie => Configure(cookie, RecogniseCaller.SessionCookie, SessionKept, sliding: true))
            .AddCookie(IdentityConstants.TwoFactorUserIdScheme, cookie => Configure(cookie, "__Host-tender-code", CodeAwaited, sliding: false));
        services.AddAntiforgery(form => form.Cookie.Name = "tender-form");
        services.AddDataProtection().SetApplicationName("tender");
        services.AddSingleton<IConfigureOptions<KeyManagementOptions>, KeepKeyRing>();
    }

    private static void Identity(IdentityOptions identity)
    {
        // Length is what counts (NIST SP 800-63B, 5.1.1.2): no rules about kinds of characters.
        identity.Password = new() { RequiredLength = 12, RequiredUniqueChars = 5, RequireDigit = false, RequireLowercase = false, RequireUppercase = false, RequireNonAlphanumeric = false };
        // Rarely, and only for browsers that never signed in (KnownBrowsers): whoever types wrong passwords on purpose must not shut
        // the right person out. SignInLimits slows the guessing.
        identity.Lockout = new() { MaxFailedAccessAttempts = 100, DefaultLockoutTimeSpan = TimeSpan.FromMinutes(5) };
        // The user's name is the mail address, checked when the account is made.
        identity.User.AllowedUserNameCharacters = "";
    }

    private static void Configure(Microsoft.AspNetCore.Authentication.Cookies.CookieAuthenticationOptions cookie, string name, TimeSpan kept, bool sliding)
    {
        cookie.Cookie.Name = name;
        cookie.Cookie.Path = "/";
        cookie.Cookie.HttpOnly = true;
        cookie.Cookie.SameSite = SameSiteMode.Lax;
        // Also on http: browsers take localhost for a safe place, and anything else must come by https.
        cookie.Cookie.SecurePolicy = CookieSecurePolicy.Always;
        cookie.ExpireTimeSpan = kept;
        cookie.SlidingExpiration = sliding;
    }

    private static NoticeListener ListenerOf(KnownKeys keys) => new("api_key", keys.Forget, keys.ForgetAll);

    private static NoticeListener ListenerOf(KnownMembers members) => new("member", members.Forget, members.ForgetAll);

    private static NoticeListener ListenerOf(JwtSecrets secrets) => new("jwt_secret", secrets.Forget, secrets.ForgetAll);

    private static TenantDb TenantDbOfRequest(IServiceProvider services) =>
        services.GetRequiredService<IHttpContextAccessor>().HttpContext?.TryTenantDb()
        ?? throw new InvalidOperationException("there is no tenant's caller here: the route must serve keys, users or members, or find its database by an id");
}
