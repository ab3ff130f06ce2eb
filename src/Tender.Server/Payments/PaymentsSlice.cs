using Tender.Server.Connections;
using Tender.Server.Events;
using Tender.Server.Hosting;
using Tender.Server.Members;
using Tender.Server.Refunds;
using Tender.Server.Tenancy;

namespace Tender.Server.Payments;

/// <summary>Payments: start, record what providers say, ask again, expire, cancel, capture, refund; list and one.</summary>
internal static class PaymentsSlice
{
    private const Callers Readers = Callers.Key | Callers.Viewer;
    private const Callers Writers = Callers.Key | Callers.Operator;

    public static IServiceCollection AddPayments(this IServiceCollection services) => services
        .AddSingleton<ProviderGateway>()
        .AddSingleton<NoteUse>()
        .AddSingleton<ChooseRoute>()
        .AddSingleton<StartPayment>()
        .AddSingleton<RecordReport>()
        .AddSingleton<PaymentEvents>()
        .AddSingleton<ExpirePayments>()
        .AddSingleton<ITenantWork>(provider => provider.GetRequiredService<ExpirePayments>())
        .AddSingleton<ITenantWork, AskAgain>()
        .AddSingleton<ITenantWork, AskRefundsAgain>()
        .AddSingleton<CreatePayment>()
        .AddSingleton<CancelPayment>()
        .AddSingleton<CapturePayment>()
        .AddSingleton<RefundPayment>()
        .AddSingleton<ListPayments>()
        .AddSingleton<DecideCase>()
        .AddSingleton<ReadPaymentDetail>()
        .AddSingleton<ExportPayments>();

    public static void MapPayments(this IEndpointRouteBuilder app)
    {
        var payments = app.MapGroup("/api/payments").WithTags("Payments");
        payments.MapPost("", CreateAsync).CallableBy(Writers).TakesIdempotencyKey();
        payments.MapGet("", ListAsync).CallableBy(Readers);
        payments.MapGet("/{id}", ReadAsync).CallableBy(Readers);
        payments.MapGet("/{id}/status", StatusAsync).CallableBy(Callers.Public);
        payments.MapPost("/{id}/refund", RefundAsync).CallableBy(Writers).TakesIdempotencyKey();
        payments.MapPost("/{id}/cancel", CancelAsync).CallableBy(Writers).TakesIdempotencyKey();
        payments.MapPost("/{id}/capture", CaptureAsync).CallableBy(Writers).TakesIdempotencyKey();
        app.MapPaymentForms();
        app.MapCaseForms();
    }

    private static Task<IResult> CreateAsync(CreatePayment.Request request, CreatePayment create, TenantDb db, HttpContext context, CancellationToken cancellation) =>
        create.RunAsync(db, request, context.Caller(), context.IdempotentCall(), cancellation);

    private static async Task<IResult> ListAsync([AsParameters] ListPaymentsQuery query, ListPayments list, TenantDb db, HttpContext context, CancellationToken cancellation)
    {
        var limit = query.Limit ?? 20;
        if (limit is < 1 or > ListPayments.LimitMax) return Problem.Invalid("limit", $"1 to {ListPayments.LimitMax}.");
        var page = await list.RunAsync(db, context.Caller().Mode, query.ToFilter(), limit, cancellation);
        return Results.Ok(new { Data = page.Rows.Select(PaymentAnswers.Of), page.HasMore });
    }

    private static async Task<IResult> ReadAsync(string id, ReadPaymentDetail read, TenantDb db, HttpContext context, CancellationToken cancellation)
    {
        var detail = await read.RunAsync(db, id, cancellation);
        return detail is not null && detail.Payment.Mode == context.Caller().Mode.ToWord() ? Results.Ok(PaymentAnswers.Of(detail)) : PaymentAnswers.UnknownPayment();
    }

    private static async Task<IResult> StatusAsync(string id, TenantDatabases tenants, CancellationToken cancellation)
    {
        var status = await tenants.ForIdAsync(id, cancellation) is { } db
            ? await db.QuerySingleOrDefaultAsync<string>("select status from payments where id = @id", new { id }, cancellation)
            : null;
        return status is null ? PaymentAnswers.UnknownPayment() : Results.Ok(new { Status = status });
    }

    private static async Task<IResult> RefundAsync(
        string id, RefundPayment.Request? request, RefundPayment refund, TenantDb db, HttpContext context, CancellationToken cancellation) =>
        !await IsOwnAsync(id, db, context, cancellation) ? PaymentAnswers.UnknownPayment() : PaymentAnswers.Of(await refund.RunAsync(db, id, request ?? new(null, null), context.Caller().Actor, cancellation, context.IdempotentCall()));

    private static async Task<IResult> CancelAsync(string id, CancelPayment cancel, TenantDb db, HttpContext context, CancellationToken cancellation) =>
        !await IsOwnAsync(id, db, context, cancellation) ? PaymentAnswers.UnknownPayment() : PaymentAnswers.Of(await cancel.RunAsync(db, id, cancellation));

    private static async Task<IResult> CaptureAsync(
        string id, CapturePayment.Request? request, CapturePayment capture, TenantDb db, HttpContext context, CancellationToken cancellation) =>
        !await IsOwnAsync(id, db, context, cancellation) ? PaymentAnswers.UnknownPayment() : PaymentAnswers.Of(await capture.RunAsync(db, id, request ?? new(null), cancellation));

    // A test key does not reach a live payment, and the other way round.
    private static async Task<bool> IsOwnAsync(string id, TenantDb db, HttpContext context, CancellationToken cancellation) =>
        await db.QuerySingleOrDefaultAsync<string>("select mode from payments where id = @id", new { id }, cancellation) == context.Caller().Mode.ToWord();

    /// <summary>The list's filters.</summary>
    internal sealed record ListPaymentsQuery(
        int? Limit, string? StartingAfter, string? Status, string? Provider, string? Currency, DateTimeOffset? From, DateTimeOffset? To, string? Search)
    {
        public ListPayments.Filter ToFilter() => new(Status, Provider, Currency, From, To, Search, StartingAfter);
    }
}
