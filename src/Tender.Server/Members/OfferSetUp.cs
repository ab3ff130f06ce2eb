using System.Security.Cryptography;
using System.Text;
using Tender.Server.Hosting;
using Tender.Server.Tenancy;

namespace Tender.Server.Members;

/// <summary>While nobody owns the installation, each start prints the address of the set-up page with a new one-time token; only the token's hash is kept.</summary>
internal sealed partial class OfferSetUp(OwnerDb owner, Settings settings, ILogger<OfferSetUp> log)
{
    private const int TokenBytes = 32;

    public async Task RunAsync(CancellationToken cancellation)
    {
        if (!await HasOwnerAsync(owner, cancellation)) LogSetUp(await NewAddressAsync(cancellation));
    }

    /// <summary>A new token; an older one counts no more.</summary>
    public async Task<Uri> NewAddressAsync(CancellationToken cancellation)
    {
        var token = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(TokenBytes));
        await owner.ExecuteAsync("""
            insert into setup (token_hash) values (@Hash)
            on conflict (single) do update set token_hash = excluded.token_hash, used_at = null
            """, new { Hash = HashOf(token) }, cancellation);
        return new(settings.FrontendUrl, $"{MembersPaths.SetUp}?token={token}");
    }

    internal static byte[] HashOf(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));

    internal static async Task<bool> HasOwnerAsync(OwnerDb owner, CancellationToken cancellation) =>
        await owner.QuerySingleOrDefaultAsync<bool>("select exists (select 1 from users where is_owner)", null, cancellation);

    [LoggerMessage(3002, LogLevel.Warning, "Nobody owns this installation yet. Set it up at {Address}")]
    private partial void LogSetUp(Uri address);
}
