using System.Net.Mime;
using System.Security.Cryptography;
using Npgsql;
using Tender.Server.Members;
using Tender.Server.Tenancy;

namespace Tender.Server.Hosting;

/// <summary>
/// Idempotency-Key on POSTs: the same key with the same body gives the same answer for 24 hours, on every node; with another
/// body 422; while the first still runs 409 with Retry-After.
/// </summary>
internal static class Idempotency
{
    public const int KeyCharsMax = 255;

    /// <summary>How long an answer is kept.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromHours(24);

    // A database that is away must not keep the caller from hearing so.
    private static readonly TimeSpan UnlockedWithin = TimeSpan.FromSeconds(1);

    /// <summary>The same key is then a new call.</summary>
    public static readonly KeptFor Forgotten = new("idempotency_keys", Kept, """
        delete from idempotency_keys where (call, key) in (
          select call, key from idempotency_keys where created_at < @before order by created_at limit @AtOnce for update skip locked)
        """);

    /// <summary>Makes the route take the header. Its handler binds <see cref="IdempotentCall"/> (null without the header) from the request.</summary>
    /// <param name="looksFirst">For bodies that work only once (a sealed secret): a repeat is known before the handler runs, at the price of one more query.</param>
    public static RouteHandlerBuilder TakesIdempotencyKey(this RouteHandlerBuilder route, bool looksFirst = false) =>
        route.AddEndpointFilter((invocation, next) => AroundAsync(invocation, looksFirst, next)).WithMetadata(IdempotencyKeyTaken.It);

    /// <summary>Lets the body be read twice: once by the handler, once for its hash.</summary>
    public static IApplicationBuilder UseIdempotency(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        if (context.Request.Headers.ContainsKey("Idempotency-Key")) context.Request.EnableBuffering();
        return next(context);
    });

    /// <summary>The call of this request; null when it came without a key.</summary>
    public static IdempotentCall? IdempotentCall(this HttpContext context) => context.Features.Get<IdempotentCall>();

    private static async ValueTask<object?> AroundAsync(EndpointFilterInvocationContext invocation, bool looksFirst, EndpointFilterDelegate next)
    {
        var context = invocation.HttpContext;
        var given = context.Request.Headers["Idempotency-Key"];
        if (given.Count is 0) return await next(invocation);
        // Whoever sends one that is empty, or two, believes that a repeat is safe.
        if (given.Count > 1) return Problem.Invalid("Idempotency-Key", "is given twice");
        var key = given.ToString();
        if (key.Length is 0 or > KeyCharsMax || key.Any(char.IsControl)) return Problem.Invalid("Idempotency-Key", $"1 to {KeyCharsMax} printable characters.");

        var name = NameOf(context);
        var hash = await BodyHashAsync(context.Request);
        if (looksFirst && await FindAsync(context.RequestServices.GetRequiredService<TenantDb>(), name, key, context.RequestAborted) is not null)
            return await AgainAsync(name, key, hash, invocation, next);

        try
        {
            var call = new IdempotentCall(name, key, hash, null, Time(context));
            var result = await RunAsync(call, invocation, next);
            // A repeat may be refused before it comes to the key (all is refunded, the product is gone): the first answer stands.
            var isRefused = !call.IsClaimed && result is IStatusCodeHttpResult { StatusCode: >= 400 };
            return isRefused && await FindAsync(context.RequestServices.GetRequiredService<TenantDb>(), name, key, context.RequestAborted) is not null
                ? await AgainAsync(name, key, hash, invocation, next)
                : result;
        }
        catch (PostgresException e) when (IsKeyTaken(e))
        {
            // The key exists: our batch was undone as a whole, so nothing of ours was written.
            return await AgainAsync(name, key, hash, invocation, next);
        }
    }

    // A test key's answer is no live key's, and one customer's is no other's.
    private static string NameOf(HttpContext context)
    {
        var caller = context.Caller();
        return $"{context.Request.Method} {context.Request.Path} {caller.Mode.ToWord()}{(caller.UserId is { } user ? $" {user}" : null)}";
    }

    private static async ValueTask<object?> AgainAsync(
        string name, string key, byte[] hash, EndpointFilterInvocationContext invocation, EndpointFilterDelegate next)
    {
        var context = invocation.HttpContext;
        var db = context.RequestServices.GetRequiredService<TenantDb>();
        if (await FindAsync(db, name, key, context.RequestAborted) is not { } stored) return StillRunning();
        return Replay(stored, hash, context) is { } replay
            ? replay
            : await RunAsync(new(name, key, hash, stored.SubjectId, Time(context)), invocation, next);
    }

    private static async ValueTask<object?> RunAsync(IdempotentCall call, EndpointFilterInvocationContext invocation, EndpointFilterDelegate next)
    {
        var context = invocation.HttpContext;
        context.Features.Set(call);
        try
        {
            var result = await next(invocation);
            return call.IsAnswered || !call.IsClaimed
                ? result
                : await FinishAsync(context.RequestServices.GetRequiredService<TenantDb>(), call, context, result);
        }
        catch (Exception e) when (call.IsClaimed && !IsKeyTaken(e))
        {
            await UnlockAsync(context, call);
            throw;
        }
    }

    /// <summary>The twin's own failure: what it must not do is open the first one's lock.</summary>
    public static bool IsKeyTaken(Exception e) => e is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation, TableName: "idempotency_keys" };

    // Whoever comes again need not wait for the lock's end. When that cannot be written either, they do.
    private static async Task UnlockAsync(HttpContext context, IdempotentCall call)
    {
        using var limit = new CancellationTokenSource(UnlockedWithin, Time(context));
        try
        {
            await call.UnlockAsync(context.RequestServices.GetRequiredService<TenantDb>(), limit.Token);
        }
        catch (Exception e) when (e is NpgsqlException or OperationCanceledException)
        {
        }
    }

    private static TimeProvider Time(HttpContext context) => context.RequestServices.GetRequiredService<TimeProvider>();

    private static IResult? Replay(Stored stored, byte[] hash, HttpContext context)
    {
        if (!stored.BodyHash.AsSpan().SequenceEqual(hash))
            return Problem.Impossible("idempotency_key_reused", "This Idempotency-Key was used with another body; use a new key.", "Idempotency-Key");
        if (stored.Status is { } status)
        {
            context.Response.Headers["Idempotent-Replayed"] = "true";
            return Results.Content(stored.Answer, MediaTypeNames.Application.Json, statusCode: status);
        }

        return stored.LockedUntil > Time(context).GetUtcNow() ? StillRunning() : null;
    }

    private static async ValueTask<object?> FinishAsync(TenantDb db, IdempotentCall call, HttpContext context, object? result)
    {
        var status = (result as IStatusCodeHttpResult)?.StatusCode ?? StatusCodes.Status200OK;
        if (status < 400 && result is IValueHttpResult { Value: { } value })
        {
            var batch = new Batch();
            call.Answer(batch, status, value);
            await db.WriteAsync(batch, context.RequestAborted);
        }
        else if (status >= 400)
        {
            await call.ReleaseAsync(db, context.RequestAborted);
        }

        return result;
    }

    private static Problem StillRunning() =>
        Problem.Conflict("idempotency_key_in_use", "The first call with this Idempotency-Key is still running.").RetryAfter(1);

    private static Task<Stored?> FindAsync(TenantDb db, string call, string key, CancellationToken cancellation) =>
        db.QuerySingleOrDefaultAsync<Stored>("""
            select body_hash, subject_id, status, answer::text as answer, locked_until from idempotency_keys where call = @call and key = @key
            """, new { call, key }, cancellation);

    private static async Task<byte[]> BodyHashAsync(HttpRequest request)
    {
        request.Body.Position = 0;
        return await SHA256.HashDataAsync(request.Body, request.HttpContext.RequestAborted);
    }

    private sealed record Stored(byte[] BodyHash, string? SubjectId, int? Status, string? Answer, DateTimeOffset? LockedUntil);
}

/// <summary>Marks a route that takes the header, for the API's description.</summary>
internal sealed record IdempotencyKeyTaken
{
    public static readonly IdempotencyKeyTaken It = new();
}
