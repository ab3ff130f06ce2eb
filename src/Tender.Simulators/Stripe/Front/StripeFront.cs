using System.Text.RegularExpressions;
using Tender.Simulators.Faults;
using Tender.Simulators.Stripe.Accounts;
using Tender.Simulators.Stripe.Events;
using Tender.Simulators.Stripe.Wire;

namespace Tender.Simulators.Stripe.Front;

/// <summary>The way of every API call: key, parameters, faults before, idempotency, the work itself, its news, faults after, the answer.</summary>
internal sealed partial class StripeFront(StripeWorld world, StripeKeys keys, StripeFaults faults, DeliveryQueue deliveries, SimulatorOptions options)
{
    public const string Prefix = "/stripe";
    public const string Version = "2026-07-29.dahlia";

    public async Task HandleAsync(HttpContext http, StripeOperation operation)
    {
        var requestId = world.Ids.New("req_", 14);
        SetHeaders(http, requestId);
        if (options.Latency > TimeSpan.Zero) await Task.Delay(options.Latency);
        try
        {
            var speaker = keys.Recognise(http.Request, operation);
            CheckVersion(http.Request);
            var read = await FormReading.ReadAsync(http.Request, http.RequestAborted);
            await ActAsync(http, operation, new(speaker, read, requestId, IdempotencyKey(http.Request)));
        }
        catch (StripeProblem problem)
        {
            if (problem.Status == 401) http.Response.Headers.WWWAuthenticate = "Basic realm=\"Stripe\"";
            await WriteAsync(http, problem.ToAnswer(requestId));
        }
    }

    /// <summary>An address under /v1 that nothing serves.</summary>
    public async Task RefuseAddressAsync(HttpContext http)
    {
        var requestId = world.Ids.New("req_", 14);
        SetHeaders(http, requestId);
        var problem = new StripeProblem(404, "invalid_request_error", $"Unrecognized request URL ({http.Request.Method}: {PathOf(http)}). Please see https://stripe.com/docs or we can help at https://support.stripe.com/.");
        await WriteAsync(http, problem.ToAnswer(requestId));
    }

    private async Task ActAsync(HttpContext http, StripeOperation operation, Request request)
    {
        var fault = faults.Calls.Take(fault => fault.Match.FitsCall(operation.Method, PathOf(http), request.Key, request.Speaker.Account.Id));
        if (fault is not null && await CallFaults.StrikeBeforeAsync(fault, http)) return;

        operation.Accepts.Check(request.Read.Form);
        var entry = default(IdempotencyStore.Entry);
        var store = request.Speaker.Account.Idempotency;
        if (request.Key is not null)
        {
            var claim = store.Take(request.Key, PathOf(http), request.Read.Fingerprint, world.Clock.GetUtcNow());
            if (claim is not IdempotencyStore.Claim.Fresh fresh)
            {
                await AnswerFromStoreAsync(http, claim, request.Key);
                return;
            }

            entry = fresh.Entry;
        }

        try
        {
            await CallFaults.DelayAsync(fault);
            await FinishAsync(http, fault, entry, Perform(http, operation, request, fault, entry is not null), request);
        }
        finally
        {
            if (entry is { Answer: null }) store.Release(request.Key!, entry);
        }
    }

    private async Task FinishAsync(HttpContext http, Fault? fault, IdempotencyStore.Entry? entry, Performed done, Request request)
    {
        if (done.IsStored) entry?.Keep(done.Answer, request.Id);
        var sendNews = await deliveries.SendBeforeAnswerAsync(done.News, world);
        if (fault is null)
        {
            await WriteThenAsync(http, done.Answer, sendNews);
            return;
        }

        // The news does not wait for an answer that is late or lost.
        sendNews();
        if (!await CallFaults.StrikeAfterAsync(fault, http)) await WriteAsync(http, CallFaults.Twisted(fault, done.Answer));
    }

    private Performed Perform(HttpContext http, StripeOperation operation, Request request, Fault? fault, bool hasKey)
    {
        if (CallFaults.Invented(fault, StripeFaultKind.StatusBefore, request.Id) is { } early) return new(early, fault!.Stored ?? false, []);

        var account = request.Speaker.Account;
        var scene = new Scene(world, account, request.Id, request.Key);
        var call = new StripeCall(scene, request.Read.Form, request.Speaker.IsPublishable, http.Request.RouteValues["id"] as string, PublicUrl(http.Request))
        {
            KeyAccount = request.Speaker.Key,
            World = world,
            SearchDelay = options.SearchDelay,
        };
        Performed done;
        lock (account.Gate)
        {
            try
            {
                var paths = Expansion.Paths(call.Form);
                done = new(new(200, Bytes(operation.Run(call), paths, call)), IsStored: hasKey, scene.Emitted);
            }
            catch (StripeProblem problem)
            {
                done = new(problem.ToAnswer(request.Id, call.IsPublishable ? PublicView.Of : null), hasKey && problem.IsStored, scene.Emitted);
            }
        }

        if (operation.Method is not "GET") world.NoteChange();
        return CallFaults.Invented(fault, StripeFaultKind.StatusAfter, request.Id) is { } late ? done with { Answer = late, IsStored = hasKey && (fault!.Stored ?? true) } : done;
    }

    private static byte[] Bytes(object result, string[][] paths, StripeCall call)
    {
        if (paths.Length == 0 && !call.IsPublishable) return StripeJson.Bytes(result);
        var node = Expansion.Apply(StripeJson.Node(result), paths, call.Account);
        return StripeJson.Bytes(call.IsPublishable ? PublicView.Of(node) : node);
    }

    private static async Task AnswerFromStoreAsync(HttpContext http, IdempotencyStore.Claim claim, string key)
    {
        switch (claim)
        {
            case IdempotencyStore.Claim.Replay replay:
                http.Response.Headers["Idempotent-Replayed"] = "true";
                http.Response.Headers["Original-Request"] = replay.RequestId;
                await WriteAsync(http, replay.Answer);
                return;
            case IdempotencyStore.Claim.Running:
                throw new StripeProblem(409, "invalid_request_error", $"There is currently another in-progress request using this Idempotent Key (that probably means you submitted twice, and the other request is still going through): {key}. Please try again later.")
                {
                    Code = "idempotency_key_in_use",
                };
            case IdempotencyStore.Claim.OtherEndpoint(var path, var first):
                throw new StripeProblem(400, "idempotency_error", $"Keys for idempotent requests can only be used for the same endpoint they were first used for ('{path}' vs '{first}'). Try using a key other than '{key}' if you meant to execute a different request.");
            default:
                throw new StripeProblem(400, "idempotency_error", $"Keys for idempotent requests can only be used with the same parameters they were first used with. Try using a key other than '{key}' if you meant to execute a different request.");
        }
    }

    private static async Task WriteThenAsync(HttpContext http, StripeAnswer answer, Action then)
    {
        try
        {
            await WriteAsync(http, answer);
            await http.Response.CompleteAsync();
        }
        finally
        {
            then();
        }
    }

    private static async Task WriteAsync(HttpContext http, StripeAnswer answer)
    {
        http.Response.StatusCode = answer.Status;
        http.Response.ContentType = "application/json";
        http.Response.ContentLength = answer.Body.Length;
        if (answer.ShouldRetry is { } retry) http.Response.Headers["Stripe-Should-Retry"] = retry ? "true" : "false";
        if (answer.RateLimitedReason is { } reason) http.Response.Headers["Stripe-Rate-Limited-Reason"] = reason;
        await http.Response.Body.WriteAsync(answer.Body, http.RequestAborted);
    }

    private static void SetHeaders(HttpContext http, string requestId)
    {
        var headers = http.Response.Headers;
        headers["Request-Id"] = requestId;
        headers["Stripe-Version"] = http.Request.Headers["Stripe-Version"] is [{ } version] ? version : Version;
        headers.CacheControl = "no-cache, no-store";
        if (http.Request.Headers["Idempotency-Key"] is [{ } key]) headers["Idempotency-Key"] = key;
        Browser.Cors.Allow(headers);
    }

    private static string? IdempotencyKey(HttpRequest request)
    {
        var key = request.Headers["Idempotency-Key"].ToString();
        if (key.Length == 0 || !HttpMethods.IsPost(request.Method)) return null;
        return key.Length <= 255 ? key : throw StripeProblem.Invalid("Idempotency-Key must be 255 characters or fewer.");
    }

    private static void CheckVersion(HttpRequest request)
    {
        var version = request.Headers["Stripe-Version"].ToString();
        if (version.Length > 0 && !VersionForm.IsMatch(version)) throw StripeProblem.Invalid($"Invalid Stripe API version: {version}");
    }

    private static string PathOf(HttpContext http) => http.Request.Path.Value![Prefix.Length..];

    private static string PublicUrl(HttpRequest request) => $"{request.Scheme}://{request.Host}{Prefix}";

    [GeneratedRegex(@"^\d{4}-\d{2}-\d{2}(\.[a-z]+)?$")]
    private static partial Regex VersionForm { get; }

    private sealed record Request(StripeKeys.Speaker Speaker, FormReading.ReadForm Read, string Id, string? Key);

    private sealed record Performed(StripeAnswer Answer, bool IsStored, IReadOnlyList<StripeEvent> News);
}
