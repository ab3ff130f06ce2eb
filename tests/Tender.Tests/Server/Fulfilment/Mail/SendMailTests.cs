using System.Net;
using System.Net.Sockets;
using System.Text;
using Tender.Domain.Providers;
using Tender.Server.Fulfilment.Mail;
using Tender.Server.Hosting;

namespace Tender.Tests.Server.Fulfilment.Mail;

public sealed class SendMailTests
{
    private static readonly Letter Plain = new(
        "msg_acme00_1", "tender@pay.example.com", "Acme", "bea@example.com", "Bea", "shop@acme.example", "Your tickets", "Hello,\n.\n..dots\n", "<p>Hello,</p>",
        [new("tickets.pdf", [1, 2, 3, 0x0D, 0x0A, 0x2E, 0x0D, 0x0A])], TestClock.Noon);

    [Fact]
    public async Task A_mail_arrives_as_it_was_written()
    {
        await using var server = await TestMailServer.StartAsync();

        (await SendAsync(server, Plain)).ShouldBeOfType<SendMail.Outcome.Sent>();

        var mail = (await server.MailsAsync()).ShouldHaveSingleItem();
        mail.GetProperty("envelopeFrom").GetString().ShouldBe("tender@pay.example.com");
        mail.GetProperty("envelopeTo")[0].GetString().ShouldBe("bea@example.com");
        mail.GetProperty("from")[0].GetProperty("name").GetString().ShouldBe("Acme");
        mail.GetProperty("replyTo")[0].GetProperty("address").GetString().ShouldBe("shop@acme.example");
        mail.GetProperty("subject").GetString().ShouldBe("Your tickets");
        mail.GetProperty("messageId").GetString().ShouldBe("<msg_acme00_1@pay.example.com>");
        mail.GetProperty("text").GetString().ShouldBe("Hello,\n.\n..dots\n");
        mail.GetProperty("html").GetString().ShouldBe("<p>Hello,</p>");
        var file = mail.GetProperty("attachments")[0];
        (file.GetProperty("filename").GetString(), file.GetProperty("contentType").GetString()).ShouldBe(("tickets.pdf", "application/pdf"));
        file.GetProperty("content").GetBytesFromBase64().ShouldBe(Plain.Attachments[0].Pdf);
    }

    [Theory]
    [InlineData("Eve\r\nBcc: all@example.com\r\n\r\nbody")]
    [InlineData("Eve\nX-Evil: 1")]
    [InlineData("=?utf-8?B?WA==?= \"quoted\" <other@example.com>, third@example.com")]
    [InlineData("Große Jahreshauptversammlung der internationalen Vereinigung für Ελληνική и русская музыка 🎟️ with a name that goes on and on and on")]
    public async Task No_name_becomes_a_header_of_its_own(string name)
    {
        await using var server = await TestMailServer.StartAsync();

        (await SendAsync(server, Plain with { FromName = name, ToName = name, Subject = name })).ShouldBeOfType<SendMail.Outcome.Sent>();

        var mail = (await server.MailsAsync()).Single();
        mail.GetProperty("headers").EnumerateArray().Select(h => h.GetString()).ShouldBe(
            ["from", "to", "reply-to", "subject", "date", "message-id", "auto-submitted", "mime-version", "content-type"]);
        mail.GetProperty("subject").GetString().ShouldBe(Tender.Server.Hosting.OneLine.Of(name));
        mail.GetProperty("to").EnumerateArray().Select(to => to.GetProperty("address").GetString()).ShouldBe(["bea@example.com"]);
        mail.GetProperty("envelopeTo").GetArrayLength().ShouldBe(1);
        mail.GetProperty("longestLine").GetInt32().ShouldBeLessThanOrEqualTo(78);
    }

    [Theory]
    [InlineData("bea@example.com", true)]
    [InlineData("beä@exämple.com", true)]
    [InlineData("bea@example.com\r\nRCPT TO:<all@example.com>", false)]
    [InlineData("bea@example.com>", false)]
    [InlineData("a@b@c", false)]
    [InlineData("Bea <bea@example.com>", false)]
    [InlineData("bea@example.com,all@example.com", false)]
    [InlineData("\"a b\"@example.com", false)]
    [InlineData("nobody", false)]
    [InlineData("", false)]
    public void Only_a_plain_address_gets_onto_the_wire(string text, bool isPlain) => (MailAddresses.Plain(text) == text).ShouldBe(isPlain);

    [Theory]
    [InlineData("unknown", true)]
    [InlineData("spam", true)]
    [InlineData("greylist", false)]
    [InlineData("busy", false)]
    [InlineData("drop", false)]
    [InlineData("forget", false)]
    public async Task A_no_for_good_is_told_from_one_for_now(string behaviour, bool isForGood)
    {
        await using var server = await TestMailServer.StartAsync();
        await server.BehaveAsync(behaviour);

        var outcome = await SendAsync(server, Plain);

        (outcome is SendMail.Outcome.Refused).ShouldBe(isForGood, outcome.ToString());
        (outcome is SendMail.Outcome.Later).ShouldBe(!isForGood, outcome.ToString());
    }

    [Fact]
    public async Task A_server_that_hangs_is_left_when_the_time_is_up()
    {
        await using var server = await TestMailServer.StartAsync();
        await server.BehaveAsync("hang");
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(1));

        await Should.ThrowAsync<OperationCanceledException>(async () => await new SendMail(await server.SettingAsync()).RunAsync(Plain, limit.Token));
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_tried_later()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();

        (await new SendMail(new("127.0.0.1", port, false, null, null)).RunAsync(Plain, default)).ShouldBeOfType<SendMail.Outcome.Later>();
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task Mail_is_encrypted_where_the_server_can_and_the_password_comes_after(bool implicitTls)
    {
        var (key, certificate, trust) = TestMailServer.NewCertificate();
        await using var server = await TestMailServer.StartAsync(new { key, cert = certificate, secure = implicitTls, user = "tender", password = "p@ss:wörd" });
        var setting = await server.SettingAsync(implicitTls, "tender", "p@ss:wörd");

        (await new SendMail(setting, trust).RunAsync(Plain, default)).ShouldBeOfType<SendMail.Outcome.Sent>();
        (await server.MailsAsync()).Single().GetProperty("encrypted").GetBoolean().ShouldBeTrue();

        (await new SendMail(setting).RunAsync(Plain, default)).ShouldBeOfType<SendMail.Outcome.Later>("nobody vouches for the certificate");
        var wrong = await new SendMail(setting with { Password = new Secret("wrong") }, trust).RunAsync(Plain, default);
        wrong.ShouldBeOfType<SendMail.Outcome.Later>("the operator can mend it").Why.ShouldNotContain("wrong\0");
        (await server.MailsAsync()).Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_server_that_knows_only_LOGIN_is_signed_in_to_as_well()
    {
        await using var server = await TestMailServer.StartAsync(new { user = "tender", password = "secret", authMethods = new[] { "LOGIN" } });

        (await new SendMail(await server.SettingAsync(user: "tender", password: "secret")).RunAsync(Plain, default)).ShouldBeOfType<SendMail.Outcome.Sent>();

        (await server.MailsAsync()).Single().GetProperty("user").GetString().ShouldBe("tender");
    }

    [Fact]
    public async Task A_server_that_talks_nonsense_without_end_is_left()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var talking = Task.Run(async () =>
        {
            using var client = await listener.AcceptTcpClientAsync();
            var nonsense = Encoding.ASCII.GetBytes(new string('a', 5_000));
            try
            {
                while (true) await client.GetStream().WriteAsync(nonsense);
            }
            catch (IOException)
            {
                // It was left.
            }
        });

        var outcome = await new SendMail(new("127.0.0.1", ((IPEndPoint)listener.LocalEndpoint).Port, false, null, null)).RunAsync(Plain, default);

        outcome.ShouldBeOfType<SendMail.Outcome.Later>().Why.ShouldContain("without end");
        await talking;
    }

    private static async Task<SendMail.Outcome> SendAsync(TestMailServer server, Letter letter) =>
        await new SendMail(await server.SettingAsync()).RunAsync(letter, default);
}
