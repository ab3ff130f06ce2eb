using Tender.Domain.Providers;
using Tender.Providers.Stripe;
using static Tender.Tests.Providers.Stripe.StripeSamples;

namespace Tender.Tests.Providers.Stripe;

/// <summary>Events that are proven and yet not this connection's, and what is kept of those that are.</summary>
public sealed class StripeEventTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(Mode.Test, "\"livemode\":true")]
    [InlineData(Mode.Live, "\"livemode\":false")]
    [InlineData(Mode.Test, "\"livemode\":null")]
    [InlineData(Mode.Live, "\"pending\":1")]
    public void An_event_of_the_other_mode_or_of_none_is_nothing_to_us(Mode mode, string said) =>
        Read(Paid(said), StripeExam.OwnKeys with { Mode = mode }).ShouldBeOfType<WebhookReading.Irrelevant>().Why!.ShouldContain("mode");

    [Fact]
    public void An_event_of_our_mode_is_ours_in_both_modes()
    {
        Read(Paid("\"livemode\":true"), StripeExam.OwnKeys with { Mode = Mode.Live }).ShouldBeOfType<WebhookReading.States>();
        Read(Paid("\"livemode\":false"), StripeExam.OwnKeys).ShouldBeOfType<WebhookReading.States>();
    }

    [Theory]
    [InlineData("\"livemode\":false")]
    [InlineData("\"livemode\":false,\"account\":null")]
    [InlineData("\"livemode\":false,\"account\":\"acct_2\"")]
    public void A_connected_account_hears_only_of_itself(string said) =>
        Read(Paid(said), Connected("acct_1")).ShouldBeOfType<WebhookReading.Irrelevant>().Why!.ShouldContain("another account");

    [Fact]
    public void An_address_for_many_accounts_is_told_which_one()
    {
        Read(Paid("\"livemode\":false,\"account\":\"acct_2\""), StripeExam.OwnKeys).ShouldBeOfType<WebhookReading.States>().AccountId.ShouldBe("acct_2");
        Read(Paid("\"livemode\":false"), StripeExam.OwnKeys).ShouldBeOfType<WebhookReading.States>().AccountId.ShouldBeNull();
        Read(Event("account.application.deauthorized", "{\"id\":\"ca_1\"}", "\"livemode\":false,\"account\":\"acct_2\""), StripeExam.OwnKeys)
            .ShouldBeOfType<WebhookReading.AccountChanged>().AccountId.ShouldBe("acct_2");
    }

    [Fact]
    public void What_was_withdrawn_is_told_to_the_connection_it_concerns() =>
        Read(Event("account.application.deauthorized", "{\"id\":\"ca_1\"}", "\"livemode\":false,\"account\":\"acct_1\""), Connected("acct_1"))
            .ShouldBeOfType<WebhookReading.AccountChanged>();

    [Fact]
    public void It_happened_when_the_event_says_so()
    {
        var report = Read(Paid("\"livemode\":false"), StripeExam.OwnKeys).ShouldBeOfType<WebhookReading.States>().Reports.Single();

        report.OccurredAt.ShouldBe(DateTimeOffset.FromUnixTimeSeconds(1_772_366_401));
    }

    [Theory]
    [InlineData("-100000000000000")]
    [InlineData("-62135596801")]
    [InlineData("253402300800")]
    [InlineData("10000000000000000000000000")]
    [InlineData("1772366401.5")]
    [InlineData("null")]
    public void An_event_of_a_time_that_no_calendar_has_is_none(string created) =>
        Read(Paid("\"livemode\":false").Replace("1772366401", created, StringComparison.Ordinal), StripeExam.OwnKeys).ShouldBeOfType<WebhookReading.Forged>();

    // Money never comes, or goes back, by less than nothing.
    public static TheoryData<string, string> Misshapen => new()
    {
        { "payment_intent.succeeded", Payment("succeeded", "\"amount_received\":-4900") },
        { "payment_intent.succeeded", Payment("succeeded", "\"amount_received\":\"4900\"") },
        { "payment_intent.canceled", Payment("canceled", "\"canceled_at\":253402300800") },
        { "checkout.session.completed", Session("complete", "paid", $"\"{PaymentId}\"", "\"amount_total\":-2000") },
        { "charge.succeeded", Charge("succeeded", "\"amount_captured\":-1") },
        { "charge.refunded", Charge("succeeded", $"\"refunds\":{List(Refund("succeeded", "\"created\":-100000000000000"))}") },
        { "refund.created", Refund("succeeded", "\"amount\":-500") },
        { "charge.dispute.created", Dispute("lost", "\"amount\":-4900") },
    };

    [Theory, MemberData(nameof(Misshapen))]
    public void What_is_said_in_a_shape_that_Stripe_has_not_is_asked_about(string type, string about) =>
        Read(Event(type, about), StripeExam.OwnKeys).ShouldBeOfType<WebhookReading.AskAbout>().ProviderPaymentId.ShouldBe(PaymentId);

    [Fact]
    public void Evidence_keeps_everything_but_what_could_be_used()
    {
        var kept = StripeEvidence.Of("""
            {"id":"pi_1","client_secret":"pi_1_secret_abc","nested":[{"customer_session_client_secret":"cuss_abc","note":"a secret is not one"}],
             "url":"https://shop.example/?payment_intent_client_secret=pi_1_secret_abc","key":"sk_test_abc","restricted":"xrk_live_abc","signing":"whsec_abc","n":1.50,"client_secret":null}
            """u8);

        kept.ShouldBe("""
            {"id":"pi_1","client_secret":"(struck out)","nested":[{"customer_session_client_secret":"(struck out)","note":"a secret is not one"}],
             "url":"(struck out)","key":"(struck out)","restricted":"(struck out)","signing":"(struck out)","n":1.50,"client_secret":null}
            """);
    }

    // The payment reads as open, and only its session knows that nobody can pay it any more.
    [Fact]
    public async Task An_open_payment_of_an_expired_page_is_expired()
    {
        var wire = new ScriptedWire(
            ScriptedWire.Json(Filled(Payment("requires_payment_method"))), ScriptedWire.Json(Filled(List(Session("expired", "unpaid")))),
            ScriptedWire.Json(Filled(Session("expired", "unpaid", Payment("requires_payment_method")))));

        var answer = await new StripeExam().Pupil(wire).AskAsync(new("att_1", PaymentId, Presentation.Hosted, Now), StripeExam.OwnKeys, default);

        var report = answer.ShouldBeOfType<ProviderAnswer.Reported>().Reports.Single().ShouldBeOfType<PaymentReport>();
        (report.Status, report.ProviderPaymentId).ShouldBe((ReportedStatus.Expired, PaymentId));
    }

    private static string Paid(string said) => Event("payment_intent.succeeded", Payment("succeeded", "\"amount_received\":{amount}"), said);

    private static WebhookReading Read(string body, Account account) =>
        new StripeExam().Pupil(ScriptedWire.Json("{}")).Read(StripeExam.Signed(Filled(body), StripeExam.SigningSecret, Now), account);

    private static Account Connected(string id) =>
        StripeExam.OwnKeys with { Fields = new Dictionary<string, string>(StripeExam.OwnKeys.Fields) { ["connectedAccount"] = id } };

    private static string Filled(string sample) =>
        sample.Replace("{amount}", "4900", StringComparison.Ordinal).Replace("{currency}", "eur", StringComparison.Ordinal);
}
