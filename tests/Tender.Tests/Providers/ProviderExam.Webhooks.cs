using System.Text;
using System.Text.Json;
using Tender.Domain.Providers;

namespace Tender.Tests.Providers;

public abstract partial class ProviderExam
{
    private WebhookDelivery Genuine => Sign(InEuro(Samples.Webhook), Account.AcceptedWebhookSecrets[0], Now);

    [Fact]
    public void A_genuine_webhook_is_believed()
    {
        var reading = Read(Genuine);

        reading.ShouldBeOfType<WebhookReading.States>().Reports.ShouldContain(r => r is PaymentReport && ((PaymentReport)r).Status == ReportedStatus.Succeeded);
    }

    [Fact]
    public void A_webhook_read_twice_says_the_same()
    {
        var (first, second) = (Read(Genuine), Read(Genuine));

        Told(first).ShouldBe(Told(second));
    }

    [Fact]
    public void Each_secret_that_is_valid_now_is_accepted()
    {
        var (old, next) = (new Secret("whsec_the_old_one"), new Secret("whsec_the_next_one"));
        var rotating = Account with { AcceptedWebhookSecrets = [old, next] };

        foreach (var secret in new[] { old, next })
        {
            Pupil(ScriptedWire.Json("{}")).Read(Sign(InEuro(Samples.Webhook), secret, Now), rotating).ShouldBeOfType<WebhookReading.States>();
        }
    }

    [Fact]
    public void A_forged_webhook_is_refused()
    {
        var sample = InEuro(Samples.Webhook);
        ForgedBy("another secret", Sign(sample, new Secret("whsec_of_somebody_else"), Now));
        ForgedBy("no headers", Genuine with { Headers = new Dictionary<string, string>() });
        ForgedBy("a body of nothing", Genuine with { Body = default });
        ForgedBy("a body cut short", Genuine with { Body = Genuine.Body[..^1] });
        ForgedBy("a longer body", Genuine with { Body = Encoding.UTF8.GetBytes(sample + " ") });
        Forged(Pupil(ScriptedWire.Json("{}")).Read(Genuine, Account with { AcceptedWebhookSecrets = [] }), "an account without secrets");
        foreach (var (name, value) in Genuine.Headers.Where(header => header.Value.Length > 20))
        {
            ForgedBy($"{name} cut short", Genuine with { Headers = With(name, value[..^1]) });
            ForgedBy($"{name} cut to nothing", Genuine with { Headers = With(name, "") });
            ForgedBy($"{name} of another", Genuine with { Headers = With(name, Sign("{}", Account.AcceptedWebhookSecrets[0], Now).Headers[name]) });
        }
    }

    [Fact]
    public void Not_one_byte_of_a_webhook_can_be_changed()
    {
        var genuine = Genuine;
        for (var i = 0; i < genuine.Body.Length; i++)
        {
            var changed = genuine.Body.ToArray();
            changed[i] ^= 1;
            ForgedBy($"byte {i}", genuine with { Body = changed });
        }
    }

    [Fact]
    public void Not_one_character_of_a_signature_can_be_changed()
    {
        foreach (var (name, value) in Genuine.Headers.Where(header => header.Value.Length > 20))
        {
            for (var i = 0; i < value.Length; i++)
            {
                var changed = $"{value[..i]}{(char)(value[i] ^ 1)}{value[(i + 1)..]}";
                ForgedBy($"{name}, character {i}", Genuine with { Headers = With(name, changed) });
            }
        }
    }

    [Fact]
    public void A_stale_webhook_is_refused_where_the_provider_dates_them()
    {
        if (!DatesWebhooks) return;

        ForgedBy("an hour old", Genuine with { ReceivedAt = Now.AddHours(1) });
        ForgedBy("from the future", Genuine with { ReceivedAt = Now.AddHours(-1) });
        ForgedBy("just too old", Genuine with { ReceivedAt = Now.AddSeconds(301) });
        Read(Genuine with { ReceivedAt = Now.AddSeconds(299) }).ShouldBeOfType<WebhookReading.States>();
        Read(Genuine with { ReceivedAt = Now.AddSeconds(-299) }).ShouldBeOfType<WebhookReading.States>();
    }

    [Fact]
    public void Header_names_come_in_any_case()
    {
        var shouted = Genuine with { Headers = Genuine.Headers.ToDictionary(h => h.Key.ToUpperInvariant(), h => h.Value) };

        Read(shouted).ShouldBeOfType<WebhookReading.States>();
    }

    [Fact]
    public void Every_webhook_is_understood()
    {
        Samples.Webhooks.ShouldNotBeEmpty();
        foreach (var (body, fits) in Samples.Webhooks)
        {
            var reading = Read(Sign(InEuro(body), Account.AcceptedWebhookSecrets[0], Now));
            fits(reading).ShouldBeTrue($"{body}\nwas read as {Told(reading)}");
        }
    }

    [Fact]
    public void Signed_garbage_throws_nothing()
    {
        foreach (var body in new[] { "null", "[]", "{}", "7", "\"text\"", "{", "{\"id\":7}", new string('[', 200), InEuro(Samples.Webhook)[..60] })
        {
            Read(Sign(body, Account.AcceptedWebhookSecrets[0], Now)).ShouldNotBeOfType<WebhookReading.States>(body);
        }
    }

    [Fact]
    public void What_is_believed_is_kept_as_evidence_without_secrets()
    {
        var states = Read(Genuine).ShouldBeOfType<WebhookReading.States>();

        states.Reports.ShouldAllBe(report => !string.IsNullOrEmpty(report.Evidence));
    }

    [Fact]
    public void The_credentials_are_described_well()
    {
        var fields = Pupil(ScriptedWire.Json("{}")).Credentials;

        fields.Select(field => field.Name).ShouldBeUnique();
        foreach (var field in fields)
        {
            field.Pattern.ShouldStartWith("^");
            field.Pattern.ShouldEndWith("$");
            field.Hint.ShouldNotBeNullOrWhiteSpace();
            var value = field.Secret ? Account.Secrets.GetValueOrDefault(field.Name)?.Reveal() : Account.Field(field.Name);
            if (field.Required) value.ShouldNotBeNull(field.Name);
            if (value is not null) value.ShouldMatch(field.Pattern);
        }

        Account.Secrets.Keys.ShouldBeSubsetOf(fields.Where(field => field.Secret).Select(field => field.Name));
        Account.Fields.Keys.ShouldBeSubsetOf(fields.Where(field => !field.Secret).Select(field => field.Name));
    }

    /// <summary>False only where the provider signs without a time.</summary>
    protected virtual bool DatesWebhooks => true;

    private WebhookReading Read(WebhookDelivery delivery)
    {
        var reading = Pupil(ScriptedWire.Json("{}")).Read(delivery, Account);
        Inspect(reading, "a webhook");
        return reading;
    }

    private void ForgedBy(string how, WebhookDelivery delivery) => Forged(Read(delivery), how);

    private static void Forged(WebhookReading reading, string how) => reading.ShouldBeOfType<WebhookReading.Forged>(how).Why.ShouldNotBeNullOrWhiteSpace(how);

    private Dictionary<string, string> With(string name, string value) => new(Genuine.Headers.ToDictionary()) { [name] = value };

    private static string Told(WebhookReading reading) =>
        reading is WebhookReading.States states ? JsonSerializer.Serialize(states.Reports.Select(r => (object)r)) : reading.ToString();
}
