using System.Net;
using System.Net.Sockets;
using Tender.Domain.Amounts;
using Tender.Domain.Providers;

namespace Tender.Tests.Providers;

public abstract partial class ProviderExam
{
    [Fact]
    public async Task Every_call_is_answered()
    {
        foreach (var call in Calls())
        {
            var answer = call.Answers is null ? null : await RunAsync(call, Script(call));
            if (answer is not null) (answer is ProviderAnswer.AwaitingPayer or ProviderAnswer.Reported).ShouldBeTrue($"{call.Name}: {answer}");
        }
    }

    [Fact]
    public async Task What_may_have_happened_stays_unknown()
    {
        var faults = new List<(string Name, Func<SentRequest, HttpResponseMessage> Answer)>
        {
            ("an answer that never came", ScriptedWire.Breaks(new TaskCanceledException("", new TimeoutException()))),
            ("a cut connection", ScriptedWire.Breaks(new HttpRequestException(HttpRequestError.ResponseEnded, "cut"))),
            ("a reset connection", ScriptedWire.Breaks(new HttpRequestException("reset", new IOException("reset", new SocketException((int)SocketError.ConnectionReset))))),
            ("a body that breaks off", ScriptedWire.Breaks(new IOException("cut"))),
            ("a redirect", _ => new(HttpStatusCode.Found) { Headers = { Location = new("https://elsewhere.example/") } }),
            ("an empty success", ScriptedWire.Json("")),
            ("half a success", ScriptedWire.Json(InEuro(Samples.Paid)[..40])),
            ("a success of null", ScriptedWire.Json("null")),
            ("a success about nothing", ScriptedWire.Json("{}")),
            ("a success of numbers", ScriptedWire.Json("[1,2]")),
        };
        foreach (var status in new[] { 200, 201, 400, 401, 402, 403, 404, 429, 500, 502, 503, 504 })
        {
            faults.Add(($"a page with {status}", ScriptedWire.Text("<html>Something went wrong</html>", "text/html", (HttpStatusCode)status)));
        }

        foreach (var (status, body) in Samples.Uncertain) faults.Add(($"{status}: {body}", ScriptedWire.Json(body, status)));

        foreach (var call in Calls())
        {
            foreach (var (name, wire) in faults)
            {
                var answer = await RunAsync(call, wire);
                if (answer is not null) answer.ShouldBeOfType<ProviderAnswer.Unknown>($"{call.Name}, {name}");
            }
        }
    }

    [Theory]
    [InlineData(HttpRequestError.ConnectionError)]
    [InlineData(HttpRequestError.NameResolutionError)]
    public async Task What_certainly_was_not_sent_is_not_reached(HttpRequestError error)
    {
        foreach (var call in Calls())
        {
            var answer = await RunAsync(call, ScriptedWire.Breaks(new HttpRequestException(error, "no way there")));
            if (answer is not null) answer.ShouldBeOfType<ProviderAnswer.NotReached>(call.Name);
        }
    }

    [Fact]
    public async Task A_no_is_a_no_and_says_whether_others_may_accept()
    {
        foreach (var (status, body, retriable) in Samples.Refusals)
        {
            foreach (var call in Calls().Where(c => c.Name.StartsWith("start", StringComparison.Ordinal) && c.Answers is not null))
            {
                var answer = await RunAsync(call, ScriptedWire.Json(body, status));
                var refused = answer.ShouldBeOfType<ProviderAnswer.Refused>($"{call.Name}, {status}: {body}");
                refused.Retriable.ShouldBe(retriable, body);
                refused.Reason.ShouldNotBeNullOrWhiteSpace(body);
            }
        }
    }

    [Fact]
    public async Task A_question_that_is_refused_says_nothing_about_the_payment()
    {
        foreach (var (status, body, _) in Samples.Refusals)
        {
            foreach (var call in Calls().Where(c => c.Name.StartsWith("ask", StringComparison.Ordinal)))
            {
                var answer = await RunAsync(call, ScriptedWire.Json(body, status));
                if (answer is not null) answer.ShouldBeOfType<ProviderAnswer.Unknown>($"{call.Name}, {status}: {body}");
            }
        }
    }

    [Fact]
    public async Task A_repeat_sends_the_very_same()
    {
        foreach (var call in Calls().Where(c => c.Answers is not null))
        {
            var (first, second) = (new ScriptedWire(Script(call)), new ScriptedWire(Script(call)));
            if (await call.Run(Pupil(first)) is null) continue;

            await call.Run(Pupil(second));
            second.Sent.Select(sent => sent.ToString()).ShouldBe(first.Sent.Select(sent => sent.ToString()), call.Name);
        }
    }

    [Fact]
    public async Task A_start_and_a_refund_carry_our_reference()
    {
        foreach (var call in Calls().Where(c => c.Answers is not null && c.Name is "start embedded" or "start hosted" or "refund"))
        {
            var wire = new ScriptedWire(Script(call));
            if (await call.Run(Pupil(wire)) is null) continue;

            wire.Sent[^1].ToString().ShouldContain(call.Name == "refund" ? Refund.Reference : Request().Reference, Case.Sensitive, call.Name);
        }
    }

    [Fact]
    public async Task A_caller_that_stops_waiting_is_told_so_and_not_lied_to()
    {
        using var stopped = new CancellationTokenSource();
        await stopped.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => Pupil(ScriptedWire.Json("{}")).StartAsync(Request(), Account, stopped.Token));
    }

    [Fact]
    public async Task Every_word_for_a_payment_is_understood()
    {
        Samples.PaymentWords.ShouldNotBeEmpty();
        foreach (var (id, body, means) in Samples.PaymentWords)
        {
            var asked = Call<IPaymentProvider>("ask by id", null, p => p.AskAsync(Lookup() with { ProviderPaymentId = id }, Account, default));
            var answer = await RunAsync(asked, ScriptedWire.Json(InEuro(body)));
            var report = answer.ShouldBeOfType<ProviderAnswer.Reported>(body).Reports[0].ShouldBeOfType<PaymentReport>(body);
            report.Status.ShouldBe(means, body);
            (report.Received is not null).ShouldBe(means is ReportedStatus.Succeeded, body);
        }

        Enum.GetValues<ReportedStatus>().Except(Samples.PaymentWords.Select(row => row.Means)).ShouldBeEmpty("each of our words has one of theirs");
    }

    [Fact]
    public async Task Every_word_for_a_refund_is_understood()
    {
        foreach (var (body, means) in Samples.RefundWords)
        {
            var answer = await RunAsync(Calls().Single(c => c.Name == "refund"), ScriptedWire.Json(InEuro(body)));
            if (answer is null) continue;

            var report = answer.ShouldBeOfType<ProviderAnswer.Reported>(body).Reports[0].ShouldBeOfType<RefundReport>(body);
            report.Status.ShouldBe(means, body);
        }
    }

    [Fact]
    public async Task Every_currency_is_converted_exactly_or_refused_unsent()
    {
        var served = 0;
        foreach (var code in Currency.AllCodes)
        {
            foreach (var minor in new[] { 1L, 10, 100, 4900, 12340, 100_000 }) served += await ThereAndBack(new(minor, Currency.Of(code))) ? 1 : 0;
        }

        served.ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task The_sums_on_the_wire_are_the_providers()
    {
        Samples.Amounts.ShouldNotBeEmpty();
        foreach (var (code, minor, wire) in Samples.Amounts)
        {
            var sum = new Money(minor, Currency.Of(code));
            (await WireOf(sum)).ShouldBe(wire, $"{sum}");
        }
    }

    // What is sent comes back as the same sum; what cannot be sent exactly is not sent at all.
    private async Task<bool> ThereAndBack(Money sum)
    {
        if (await WireOf(sum) is not { } wire) return false;

        var paid = Samples.Paid.Replace("{amount}", wire, StringComparison.Ordinal).Replace("{currency}", sum.Currency.Code, StringComparison.Ordinal);
        var answer = await RunAsync(Calls().Single(c => c.Name == "ask by id"), ScriptedWire.Json(paid));
        answer.ShouldBeOfType<ProviderAnswer.Reported>().Reports[0].ShouldBeOfType<PaymentReport>().Received.ShouldBe(sum, $"{sum} was sent as {wire}");
        return true;
    }

    private async Task<string?> WireOf(Money sum)
    {
        var wire = new ScriptedWire(ScriptedWire.Json("{}", HttpStatusCode.InternalServerError));
        var presentation = Samples.StartedEmbedded is null ? Presentation.Hosted : Presentation.Embedded;
        var answer = await Pupil(wire).StartAsync(Request(presentation, sum), Account, default);
        if (wire.Sent.Count > 0) return Samples.WireAmount(wire.Sent[0].Body);

        answer.ShouldBeOfType<ProviderAnswer.Refused>($"{sum}").Retriable.ShouldBeTrue($"another connection may take {sum}");
        return null;
    }

    private static Func<SentRequest, HttpResponseMessage>[] Script(ExamCall call) => [.. call.Answers!.Select(sample => ScriptedWire.Json(InEuro(sample)))];

    private static string InEuro(string sample) =>
        sample.Replace("{amount}", "4900", StringComparison.Ordinal).Replace("{currency}", "eur", StringComparison.Ordinal);
}
