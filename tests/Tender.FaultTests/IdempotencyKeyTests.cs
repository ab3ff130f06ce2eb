using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Tender.Domain.Providers;
using Tender.Server.Hosting;
using Tender.Server.Members;
using Tender.Server.Tenancy;
using Tender.Tests.Server;

namespace Tender.FaultTests;

public sealed class IdempotencyKeyTests(Shop shop) : IClassFixture<Shop>
{
    [Fact]
    public async Task A_live_key_is_not_answered_with_what_a_test_key_made()
    {
        (await shop.CreateSessionAsync("one for two modes")).Status.ShouldBe(HttpStatusCode.Created);
        var live = (await shop.Get<CreateApiKey>().RunAsync(shop.Demo.TenantId, Mode.Live, "live", [], "test", default)).Key;

        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/checkout/sessions")
        {
            Content = JsonContent.Create(new { shop.Demo.ProductId, Quantity = 1, CustomerEmail = "bea@example.com", CustomerName = "Bea" }),
        };
        request.Headers.Add("Idempotency-Key", "one for two modes");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", live);
        var answer = await Answer.ReadAsync(await shop.Api.SendAsync(request));

        answer.Word("code").ShouldBe("no_connection_serves");
    }

    [Fact]
    public async Task After_a_day_the_key_is_free_again_and_not_before()
    {
        var first = await shop.CreateSessionAsync("of yesterday");
        var clock = new TestClock(TimeProvider.System.GetUtcNow());
        using var forget = new ForgetWhatIsOver([Idempotency.Forgotten], shop.Get<OwnerDb>(), shop.Get<TenantDatabases>(), clock, NullLogger<ForgetWhatIsOver>.Instance);

        clock.Move(TimeSpan.FromHours(23));
        await forget.RunAsync(await shop.TenantAsync(), default);
        (await shop.CreateSessionAsync("of yesterday")).Word("sessionId").ShouldBe(first.Word("sessionId"));

        clock.Move(TimeSpan.FromHours(2));
        await forget.RunAsync(await shop.TenantAsync(), default);
        (await shop.CreateSessionAsync("of yesterday")).Word("sessionId").ShouldNotBe(first.Word("sessionId"));
    }

    [Fact]
    public async Task When_a_connection_was_last_used_is_on_record()
    {
        await shop.CreateSessionAsync();

        (await shop.ReadAsync<DateTime?>("select max(last_used_at) from connections")).ShouldNotBeNull();
    }
}
