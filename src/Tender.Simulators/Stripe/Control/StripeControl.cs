using Tender.Simulators.Faults;
using Tender.Simulators.Stripe.Accounts;
using Tender.Simulators.Stripe.Front;
using Tender.Simulators.Stripe.Wire;

namespace Tender.Simulators.Stripe.Control;

/// <summary>What a test may tell this Stripe to do, and what it may ask. Documented in docs/simulators.md.</summary>
internal static class StripeControl
{
    public static void Map(RouteGroupBuilder control)
    {
        control.AddEndpointFilter(SayWhatIsWrongAsync);

        control.MapGet("/faults", (StripeFaults faults) => Results.Json(new { Calls = faults.Calls.Waiting(), Deliveries = faults.Deliveries.Waiting() }));
        control.MapPost("/faults", AddFault);
        control.MapDelete("/faults", (StripeFaults faults) =>
        {
            faults.Clear();
            return Results.NoContent();
        });

        control.MapPost("/accounts", ControlAccounts.Open);
        control.MapPost("/accounts/{id}/disconnect", ControlAccounts.Disconnect);
        control.MapPost("/applications", ControlAccounts.Register);
        control.MapPost("/keys/revoke", ControlAccounts.Revoke);
        control.MapPost("/idempotency/forget", ControlAccounts.ForgetIdempotency);

        control.MapPost("/pay", ControlPayments.Pay);
        control.MapPost("/payments/{id}/challenge", ControlPayments.AnswerChallenge);
        control.MapPost("/payments/{id}/settle", ControlPayments.Settle);
        control.MapPost("/payments/{id}/expire_hold", ControlPayments.ExpireHold);
        control.MapPost("/sessions/{id}/expire", ControlPayments.ExpireSession);
        control.MapPost("/refunds/{id}/advance", ControlPayments.AdvanceRefund);
        control.MapPost("/disputes", ControlPayments.OpenADispute);
        control.MapPost("/disputes/{id}/close", ControlPayments.CloseADispute);

        control.MapPost("/webhook_endpoints", ControlWebhooks.Add);
        control.MapPost("/webhook_endpoints/{id}/roll", ControlWebhooks.Roll);
        control.MapPost("/events/{id}/resend", ControlWebhooks.Resend);
        control.MapPost("/deliveries/release", ControlWebhooks.Release);
        control.MapGet("/deliveries", ControlWebhooks.Deliveries);

        control.MapGet("/ledger", ReadLedger);
    }

    private static IResult AddFault(StripeFaults faults, Fault fault) => faults.TryAdd(fault)
        ? Results.Json(fault, statusCode: 201)
        : throw StripeProblem.Invalid($"There is no fault \"{fault.Kind}\". Calls: {string.Join(", ", StripeFaultKind.ForCalls)}. Deliveries: {string.Join(", ", StripeFaultKind.ForDeliveries)}.");

    private static IResult ReadLedger(StripeWorld world, string? account, string? mode)
    {
        var owner = Account(world, account, mode);
        lock (owner.Gate)
        {
            return Results.Json(new { Account = owner.Id, Movements = owner.Book.Movements.ToList(), Balances = owner.Book.Balances().ToList() });
        }
    }

    public static StripeAccount Account(StripeWorld world, string? id, string? mode = null) =>
        world.Find(id ?? StripeWorld.DemoAccount, mode is "live") ?? throw StripeProblem.Invalid($"There is no account {id}.");

    /// <summary>The account on whose shelf something is.</summary>
    public static StripeAccount OwnerOf(StripeWorld world, string id) =>
        world.Accounts.FirstOrDefault(account =>
        {
            lock (account.Gate) return account.Find(id) is not null;
        }) ?? throw StripeProblem.Invalid($"There is no {id}.");

    private static async ValueTask<object?> SayWhatIsWrongAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        try
        {
            return await next(context);
        }
        catch (StripeProblem problem)
        {
            return Results.Json(new { Error = problem.Message, problem.Code }, statusCode: problem.Status is 402 ? 400 : problem.Status);
        }
    }
}
