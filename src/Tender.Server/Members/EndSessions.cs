using System.Security.Cryptography;
using Tender.Server.Audit;
using Tender.Server.Tenancy;

namespace Tender.Server.Members;

/// <summary>Signing out: every session of the user ends, on every node. A cookie that somebody copied opens nothing afterwards.</summary>
internal sealed class EndSessions(OwnerDb owner, KnownMembers known)
{
    public async Task RunAsync(string userId, CancellationToken cancellation)
    {
        await owner.WriteAsync(new Batch()
            .Add("update users set security_stamp = @Stamp where id = @userId", new { userId, Stamp = RandomNumberGenerator.GetHexString(32) })
            .AddAudit(userId, "user.signed_out", userId), cancellation);
        known.Forget(userId);
    }
}
