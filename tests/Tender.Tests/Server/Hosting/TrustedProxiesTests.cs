using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Tender.Server.Hosting;

namespace Tender.Tests.Server.Hosting;

public sealed class TrustedProxiesTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("tender-proxies-");

    [Theory]
    [InlineData("127.0.0.1", "", "198.51.100.7", "198.51.100.7 https")]
    [InlineData("::ffff:127.0.0.1", "", "198.51.100.7", "198.51.100.7 https")]
    [InlineData("10.1.2.3", "", "198.51.100.7", "10.1.2.3 http")]
    [InlineData("172.17.0.1", "", "198.51.100.7", "172.17.0.1 http")]
    [InlineData("192.168.1.1", "", "198.51.100.7", "192.168.1.1 http")]
    [InlineData("fd00::1", "", "198.51.100.7", "fd00::1 http")]
    [InlineData("10.1.2.3", "10.0.0.0/8", "198.51.100.7", "198.51.100.7 https")]
    [InlineData("::ffff:10.1.2.3", "10.1.2.3", "198.51.100.7", "198.51.100.7 https")]
    [InlineData("10.1.2.4", "10.1.2.3", "198.51.100.7", "10.1.2.4 http")]
    [InlineData("10.1.2.3", "10.0.0.0/8", "203.0.113.9, 198.51.100.7", "198.51.100.7 https")]
    [InlineData("10.1.2.3", "10.0.0.0/8", "203.0.113.9, 198.51.100.7, 10.9.9.9", "198.51.100.7 https")]
    public async Task What_a_header_says_of_the_caller_counts_only_from_a_proxy_that_was_named(string from, string trusted, string says, string taken)
    {
        var environment = new Dictionary<string, string> { ["TRUSTED_PROXIES"] = trusted };
        var builder = WebApplication.CreateSlimBuilder();
        builder.AddHosting(await Settings.ReadAsync(environment, folder.FullName, CancellationToken.None));
        await using var app = builder.Build();
        var forwarded = new ForwardedHeadersMiddleware(_ => Task.CompletedTask, NullLoggerFactory.Instance, app.Services.GetRequiredService<IOptions<ForwardedHeadersOptions>>());
        var http = new DefaultHttpContext { Connection = { RemoteIpAddress = IPAddress.Parse(from) }, Request = { Scheme = "http" } };
        http.Request.Headers["X-Forwarded-For"] = says;
        http.Request.Headers["X-Forwarded-Proto"] = "https";

        await forwarded.Invoke(http);

        $"{http.Connection.RemoteIpAddress} {http.Request.Scheme}".ShouldBe(taken);
    }

    public void Dispose() => folder.Delete(recursive: true);
}
