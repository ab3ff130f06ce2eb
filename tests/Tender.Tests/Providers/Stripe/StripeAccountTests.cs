using System.Text;
using Tender.Domain.Amounts;
using Tender.Domain.Providers;
using Tender.Tests.Simulators.Stripe;

namespace Tender.Tests.Providers.Stripe;

/// <summary>Credentials, webhooks, connected accounts.</summary>
public sealed class StripeAccountTests(SimulatedStripe sim) : AgainstSimulatedStripe(sim)
{
    [Fact]
    public async Task Credentials_are_checked()
    {
        var works = (await Stripe.CheckAsync(Keys, default)).ShouldBeOfType<AccountCheck.Works>();
        (works.AccountId, works.Mode, works.CanCharge).ShouldBe(("acct_tenderdemo", Mode.Test, true));

        var wrong = Keys with { Secrets = new Dictionary<string, Secret> { ["secretKey"] = new("sk_test_nobody0000000000000000") } };
        (await Stripe.CheckAsync(wrong, default)).ShouldBeOfType<AccountCheck.Refused>().Reason.ShouldNotContain("nobody");

        var mixed = Keys with { Fields = new Dictionary<string, string> { ["publishableKey"] = "pk_live_0000000000000000" } };
        (await Stripe.CheckAsync(mixed, default)).ShouldBeOfType<AccountCheck.Refused>().Reason.ShouldContain("different modes");
    }

    [Fact]
    public async Task A_webhook_is_registered_called_and_read()
    {
        await using var ear = await WebhookEar.OpenAsync();
        var connection = Keys with { ConnectionId = $"conn_{Reference}" };
        var registered = (await Stripe.RegisterAsync(new(ear.Url), connection, default)).ShouldBeOfType<WebhookRegistration.Registered>();
        var again = (await Stripe.RegisterAsync(new(ear.Url), connection, default)).ShouldBeOfType<WebhookRegistration.Registered>();
        again.ProviderEndpointId.ShouldBe(registered.ProviderEndpointId);
        registered.ToString().ShouldNotContain(registered.SigningSecret.Reveal());

        var id = await StartAsync("4242424242424242");

        var listening = connection with { AcceptedWebhookSecrets = [registered.SigningSecret] };
        var read = new List<WebhookReading.States>();
        while (!read.Any(r => r.EventType == "payment_intent.succeeded"))
        {
            var heard = await ear.NextAsync();
            var delivery = new WebhookDelivery(
                Encoding.UTF8.GetBytes(heard.Body), new Dictionary<string, string> { ["Stripe-Signature"] = heard.Signature }, TimeProvider.System.GetUtcNow());
            if (Stripe.Read(delivery, listening) is WebhookReading.States states && states.Reports[0].ProviderPaymentId == id) read.Add(states);
        }

        var paid = read.Single(r => r.EventType == "payment_intent.succeeded").Reports.Single().ShouldBeOfType<PaymentReport>();
        (paid.Reference, paid.Status, paid.Received).ShouldBe((Reference, ReportedStatus.Succeeded, (Money?)Price));
        paid.Evidence!.ShouldNotContain("_secret_");
    }

    [Fact]
    public async Task A_registration_that_was_deleted_is_made_anew()
    {
        var connection = Keys with { ConnectionId = $"conn_{Reference}" };
        var endpoint = new Uri("http://127.0.0.1:9/hook");
        var first = (await Stripe.RegisterAsync(endpoint, connection, default)).ShouldBeOfType<WebhookRegistration.Registered>();
        await Sim.SendAsync(HttpMethod.Delete, $"/v1/webhook_endpoints/{first.ProviderEndpointId}", null);

        var second = (await Stripe.RegisterAsync(endpoint, connection, default)).ShouldBeOfType<WebhookRegistration.Registered>();

        second.ProviderEndpointId.ShouldNotBe(first.ProviderEndpointId);
    }

    [Fact]
    public async Task A_direct_charge_lands_on_the_connected_account()
    {
        var account = $"acct_1Direct{Reference[^6..]}";
        await Sim.ControlAsync("/stripe/accounts", new { secretKey = $"sk_test_direct{Reference[^8..]}", publishableKey = $"pk_test_direct{Reference[^8..]}", accountId = account, platform = "acct_tenderdemo" });
        var direct = Keys with { Fields = new Dictionary<string, string>(Keys.Fields) { ["connectedAccount"] = account } };

        var started = (await Stripe.StartAsync(Request(), direct, default)).ShouldBeOfType<ProviderAnswer.AwaitingPayer>();
        var form = started.Action.ShouldBeOfType<PayerAction.Embed>();
        form.AccountId.ShouldBe(account);
        await PayAsync(form.ClientSecret);

        var report = (await Stripe.AskAsync(Lookup(started.Report.ProviderPaymentId), direct, default)).ShouldBeOfType<ProviderAnswer.Reported>();
        report.Reports[0].ShouldBeOfType<PaymentReport>().Status.ShouldBe(ReportedStatus.Succeeded);
        (await Sim.LedgerAsync(account)).GetProperty("movements").EnumerateArray().Any(m => m.GetProperty("kind").GetString() == "charge").ShouldBeTrue();
        (await AskAsync(started.Report.ProviderPaymentId)).Status.ShouldBe(ReportedStatus.Unknown, "the platform's own account does not have it");
        (await Stripe.CheckAsync(direct, default)).ShouldBeOfType<AccountCheck.Works>().AccountId.ShouldBe(account);
    }
}
