namespace Tender.Tests.Simulators.Stripe;

public sealed class StateTests : IDisposable
{
    private readonly string path = Path.Combine(Path.GetTempPath(), $"tender-stripe-{Environment.ProcessId}-{Environment.TickCount64}.json");

    public void Dispose() => File.Delete(path);

    [Fact]
    public async Task What_was_there_is_there_after_a_restart_and_goes_on()
    {
        await using var ear = await WebhookEar.OpenAsync();
        var before = new SimulatedStripe("--state", path);
        await before.InitializeAsync();
        await before.ControlAsync("/stripe/accounts", new { secretKey = "sk_test_kept000000000001", publishableKey = "pk_test_kept000000000001", accountId = "acct_kept", platform = "acct_tenderdemo" });
        await before.ControlAsync("/stripe/webhook_endpoints", new { url = ear.Url, secret = WebhookEar.Secret, enabledEvents = new[] { "refund.failed", "payment_intent.succeeded" } });
        await before.AdvanceAsync(100);
        var paid = (await before.PayAsync("pm_card_refundFail", "&metadata[order]=9")).Ok();
        await ear.NextAsync();
        var refund = (await before.PostAsync("/v1/refunds", $"payment_intent={paid.Text("id")}")).Ok();
        var asked = (await before.PayAsync("pm_card_threeDSecure2Required")).Ok();
        var slow = (await before.PayAsync("pm_usBankAccount_processing", "&payment_method_types[]=us_bank_account")).Ok();
        var shown = await before.GetAsync($"/v1/payment_intents/{paid.Text("id")}?expand[]=latest_charge.balance_transaction");
        await before.DisposeAsync();

        File.GetUnixFileMode(path).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        var after = new SimulatedStripe("--state", path);
        await after.InitializeAsync();

        (await after.GetAsync($"/v1/payment_intents/{paid.Text("id")}?expand[]=latest_charge.balance_transaction")).Text.ShouldBe(shown.Text);
        (await after.GetAsync("/v1/account", account: "acct_kept")).Ok();
        (await after.LedgerAsync()).GetProperty("movements").GetArrayLength().ShouldBe(3);
        await after.ControlAsync($"/stripe/payments/{asked.Text("id")}/challenge", new { outcome = "complete" });
        (await ear.NextAsync()).Event.Text("data.object.id").ShouldBe(asked.Text("id"));
        await after.ControlAsync($"/stripe/payments/{slow.Text("id")}/settle", new { outcome = "succeeded" });
        (await ear.NextAsync()).IsSignedWith(WebhookEar.Secret).ShouldBeTrue();
        await after.AdvanceAsync(10);
        (await ear.NextAsync()).Event.Text("data.object.id").ShouldBe(refund.Text("id"));
        await after.DisposeAsync();
    }
}
