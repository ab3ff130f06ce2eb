using System.Security.Claims;
using Microsoft.AspNetCore.Identity;

namespace Tender.Server.Members;

/// <summary>What a session's cookie says: who, and which stamp was theirs at sign-in. All else is looked up, so that it is true now.</summary>
internal sealed class SessionPrincipal : IUserClaimsPrincipalFactory<User>
{
    public const string Stamp = "stamp";

    public Task<ClaimsPrincipal> CreateAsync(User user) => Task.FromResult(new ClaimsPrincipal(new ClaimsIdentity(
        [new(ClaimTypes.NameIdentifier, user.Id), new(Stamp, user.SecurityStamp)], IdentityConstants.ApplicationScheme)));
}
