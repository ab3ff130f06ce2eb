using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Tender.Bench;

/// <summary>
/// A provider that answers at once, or after a fixed time, and costs next to nothing: what is measured is whoever calls it.
/// It speaks as much of Stripe's wire as checking an account and starting a payment take.
/// </summary>
internal sealed class ProviderStandIn : IDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stop = new();
    private long intents;
    private long sessions;

    public ProviderStandIn()
    {
        listener.Start(512);
        _ = AcceptAsync();
    }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    public Uri Url => new($"http://127.0.0.1:{Port}");

    /// <summary>How long it thinks before each answer.</summary>
    public TimeSpan Delay { get; set; }

    /// <summary>How many payments it was asked for.</summary>
    public long Intents => Interlocked.Read(ref intents);

    public void Dispose()
    {
        stop.Cancel();
        listener.Dispose();
        stop.Dispose();
    }

    /// <summary>A PaymentIntent as Stripe writes one.</summary>
    public static string Intent(string id, string amount, string currency, string attempt) => $$$"""
        {"id":"{{{id}}}","object":"payment_intent","amount":{{{amount}}},"amount_capturable":0,"amount_details":{"tip":{}},"amount_received":0,"application":null,"application_fee_amount":null,"automatic_payment_methods":{"allow_redirects":"always","enabled":true},"canceled_at":null,"cancellation_reason":null,"capture_method":"automatic_async","client_secret":"{{{id}}}_secret_4eC39HqLyjWDarjtT1zdp7dc","confirmation_method":"automatic","created":1767225600,"currency":"{{{currency}}}","customer":null,"description":"2 x Festival ticket","last_payment_error":null,"latest_charge":null,"livemode":false,"metadata":{"tender_attempt":"{{{attempt}}}"},"next_action":null,"on_behalf_of":null,"payment_method":null,"payment_method_options":{"card":{"installments":null,"mandate_options":null,"network":null,"request_three_d_secure":"automatic"},"link":{"persistent_token":null}},"payment_method_types":["card","link"],"processing":null,"receipt_email":null,"review":null,"setup_future_usage":null,"shipping":null,"source":null,"statement_descriptor":null,"statement_descriptor_suffix":null,"status":"requires_payment_method","transfer_data":null,"transfer_group":null}
        """;

    /// <summary>A Checkout Session, likewise.</summary>
    /// <param name="intent">As JSON.</param>
    public static string Session(string id, string amount, string currency, string attempt, string status = "open", string paymentStatus = "unpaid", string intent = "null") => $$$"""
        {"id":"{{{id}}}","object":"checkout.session","amount_subtotal":{{{amount}}},"amount_total":{{{amount}}},"cancel_url":"https://shop.example/no","client_reference_id":"{{{attempt}}}","created":1767225600,"currency":"{{{currency}}}","customer":null,"customer_details":null,"expires_at":1767312000,"livemode":false,"locale":null,"metadata":{"tender_attempt":"{{{attempt}}}"},"mode":"payment","payment_intent":{{{intent}}},"payment_method_types":["card"],"payment_status":"{{{paymentStatus}}}","status":"{{{status}}}","success_url":"https://shop.example/ok","ui_mode":"hosted_page","url":"https://checkout.example/c/pay/{{{id}}}"}
        """;

    private async Task AcceptAsync()
    {
        try
        {
            while (true) _ = ServeAsync(await listener.AcceptSocketAsync(stop.Token));
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException or SocketException)
        {
            // Stopped.
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        using var _ = socket;
        socket.NoDelay = true;
        var buffer = new byte[32 * 1024];
        try
        {
            for (var filled = 0; ;)
            {
                var read = await socket.ReceiveAsync(buffer.AsMemory(filled), stop.Token);
                if (read is 0) return;
                filled += read;
                if (AnswerTo(buffer.AsSpan(0, filled)) is not { } answer) continue;
                filled = 0;
                if (Delay > TimeSpan.Zero) await Task.Delay(Delay, stop.Token);
                await socket.SendAsync(answer, stop.Token);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The caller went away, or the bench is over.
        }
    }

    private byte[]? AnswerTo(ReadOnlySpan<byte> request)
    {
        var end = request.IndexOf("\r\n\r\n"u8);
        if (end < 0) return null;
        var body = request[(end + 4)..];
        if (body.Length < (Wire.ContentLength(request[..end]) ?? 0)) return null;
        if (request.StartsWith("POST /v1/checkout/sessions "u8))
            return Answer(Session($"cs_test_bench{Interlocked.Increment(ref sessions):D12}", Field(body, "unit_amount]="u8), Field(body, "[currency]="u8), Field(body, "client_reference_id="u8)));
        if (!request.StartsWith("POST /v1/payment_intents "u8)) return Answer("""{"id":"acct_bench","object":"account","email":"bench@example.com","charges_enabled":true}""");

        var number = Interlocked.Increment(ref intents);
        return Answer(Intent($"pi_3bench{number:D12}", Field(body, "amount="u8), Field(body, "currency="u8), Field(body, "attempt%5D="u8)));
    }

    private static string Field(ReadOnlySpan<byte> form, ReadOnlySpan<byte> name)
    {
        var at = form.IndexOf(name);
        if (at < 0) return "";
        var value = form[(at + name.Length)..];
        var end = value.IndexOf((byte)'&');
        return Encoding.ASCII.GetString(end < 0 ? value : value[..end]);
    }

    private static byte[] Answer(string json) =>
        Encoding.UTF8.GetBytes($"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nRequest-Id: req_bench\r\nContent-Length: {Encoding.UTF8.GetByteCount(json)}\r\n\r\n{json}");
}
