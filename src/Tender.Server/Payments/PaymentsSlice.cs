using Tender.Providers;
using Tender.Server.Events;
using Tender.Server.Hosting;
using Tender.Server.Hosting.OpenApi;
using Tender.Server.Members;
using Tender.Server.Tenancy;

namespace Tender.Server.Payments;

/// <summary>Payments: start, record what providers say, ask again, expire, cancel, capture; list and one.</summary>
internal static class PaymentsSlice
{
    private const Callers Readers = Callers.Key | Callers.Viewer;
    private const Callers Writers = Callers.Key | Callers.Operator;

    public static IServiceCollection AddPayments(this IServiceCollection services) => services
        .AddSingleton<ChooseRoute>()
        .AddSingleton<StartPayment>()
        .AddSingleton<RecordReport>()
        .AddSingleton<ReadPaidWith>()
        .AddSingleton<AskNow>()
        .AddSingleton<Locators>()
        .AddSingleton(Locators.Forgotten)
        .AddSingleton<PaymentEvents>()
        .AddSingleton<ExpirePayments>()
        .AddSingleton<ITenantWork>(provider => provider.GetRequiredService<ExpirePayments>())
        .AddSingleton<ITenantWork, AskAgain>()
        .AddSingleton<CreatePayment>()
        .AddSingleton<CancelPayment>()
        .AddSingleton<CapturePayment>()
        .AddSingleton<ListPayments>()
        .AddSingleton<DecideCase>()
        .AddSingleton<ReadPaymentDetail>()
        .AddSingleton<ExportPayments>();

    public static void MapPayments(this IEndpointRouteBuilder app)
    {
        var payments = app.MapGroup("/api/payments").WithTags("Payments");
        payments.MapPost("", CreateAsync).CallableBy(Writers).TakesIdempotencyKey().Answers<PaymentStarted>("createPayment", 201).Refuses(502);
        payments.MapGet("", ListAsync).CallableBy(Readers).Answers<Page<PaymentSummary>>("listPayments");
        payments.MapGet("/{id}", ReadAsync).CallableBy(Readers).Answers<PaymentView>("readPayment");
        payments.MapGet("/{id}/status", StatusAsync).CallableBy(Callers.Public).Answers<PaymentStatusOnly>("readPaymentStatus");
        payments.MapPost("/{id}/cancel", CancelAsync).CallableBy(Writers).TakesIdempotencyKey().Answers<PaymentState>("cancelPayment").Refuses(502);
        payments.MapPost("/{id}/capture", CaptureAsync).CallableBy(Writers).TakesIdempotencyKey().Answers<PaymentCaptured>("capturePayment").Refuses(502);
        app.MapPaymentForms();
        app.MapCaseForms();
    }

    /// <summary>Starts a payment through routing.</summary>
    /// <remarks>For callers that sell nothing of Tender's own. Send the payer to url, or show the provider's form with clientSecret. The payment expires after 24 hours.</remarks>
    public static Task<IResult> CreateAsync(CreatePayment.Request request, CreatePayment create, TenantDb db, HttpContext context, CancellationToken cancellation) =>
        create.RunAsync(db, request, context.Caller(), context.IdempotentCall(), cancellation);

    /// <summary>Lists payments of the caller's mode.</summary>
    /// <remarks>Newest first, by cursor, with filters.</remarks>
    public static async Task<IResult> ListAsync([AsParameters] ListPaymentsQuery query, ListPayments list, AllProviders providers, TenantDb db, HttpContext context, CancellationToken cancellation)
    {
        var limit = query.Limit ?? 20;
        if (limit is < 1 or > ListPayments.LimitMax) return Problem.Invalid("limit", $"1 to {ListPayments.LimitMax}.");
        if (query.ToFilter() is var filter && filter.Wrong(providers) is var (field, why)) return Problem.Invalid(field, why);
        var page = await list.RunAsync(db, context.Caller().Mode, filter, limit, cancellation);
        // A cursor that is nobody's must not look like the end of the list.
        if (page.Rows.Count is 0 && query.StartingAfter is { } after && !await ReadPayment.IsOwnAsync(db, after, context.Caller(), cancellation))
            return Problem.Invalid("startingAfter", "is not the id of a payment");
        return Results.Ok(new Page<PaymentSummary>([.. page.Rows.Select(PaymentAnswers.Of)], page.HasMore));
    }

    /// <summary>Reads one payment with everything that happened to it.</summary>
    /// <remarks>Its attempts, refunds, disputes, open cases, the verdict on each connection, and its timeline.</remarks>
    public static async Task<IResult> ReadAsync(string id, ReadPaymentDetail read, TenantDb db, HttpContext context, CancellationToken cancellation)
    {
        var detail = await read.RunAsync(db, id, cancellation);
        return detail is not null && detail.Payment.Mode == context.Caller().Mode.ToWord() ? Results.Ok(PaymentAnswers.Of(detail)) : PaymentAnswers.UnknownPayment();
    }

    /// <summary>Reads how a payment stands.</summary>
    /// <remarks>The status and nothing else, for the page that waits: processing until all of the money came, then succeeded. The id cannot be guessed; whoever has it may ask.</remarks>
    public static async Task<IResult> StatusAsync(string id, TenantDatabases tenants, CancellationToken cancellation)
    {
        var status = await tenants.ForIdAsync(id, cancellation) is { } db
            ? await db.QuerySingleOrDefaultAsync<string>("""
                select case when status = 'succeeded' and received_minor < amount_minor then 'processing' else status end from payments where id = @id
                """, new { id }, cancellation)
            : null;
        return status is null ? PaymentAnswers.UnknownPayment() : Results.Ok(new PaymentStatusOnly(status));
    }

    /// <summary>Cancels a payment that is still open.</summary>
    /// <remarks>The provider is told first; money that is held is released. 409 once it is paid or closed.</remarks>
    public static async Task<IResult> CancelAsync(string id, CancelPayment cancel, TenantDb db, HttpContext context, CancellationToken cancellation) =>
        !await ReadPayment.IsOwnAsync(db, id, context.Caller(), cancellation) ? PaymentAnswers.UnknownPayment() : PaymentAnswers.Of(await cancel.RunAsync(db, id, context.Caller(), cancellation));

    /// <summary>Takes money that is held, all of it or a part.</summary>
    /// <remarks>For payments made with capture: manual. What is not captured is released.</remarks>
    public static async Task<IResult> CaptureAsync(
        string id, CapturePayment.Request? request, CapturePayment capture, TenantDb db, HttpContext context, CancellationToken cancellation) =>
        !await ReadPayment.IsOwnAsync(db, id, context.Caller(), cancellation) ? PaymentAnswers.UnknownPayment() : PaymentAnswers.Of(await capture.RunAsync(db, id, request ?? new(null), context.Caller(), cancellation));

    /// <summary>The list's filters.</summary>
    internal sealed record ListPaymentsQuery
    {
        /// <summary>How many; 20 when missing.</summary>
        public int? Limit { get; init; }

        /// <summary>The last id of the page before.</summary>
        public string? StartingAfter { get; init; }

        /// <summary>created, awaiting_payer, processing, succeeded, failed, canceled or expired.</summary>
        public string? Status { get; init; }

        /// <summary>A provider's code.</summary>
        public string? Provider { get; init; }

        /// <summary>An ISO 4217 code.</summary>
        public string? Currency { get; init; }

        /// <summary>Made at this time or later.</summary>
        public DateTimeOffset? From { get; init; }

        /// <summary>Made before this time.</summary>
        public DateTimeOffset? To { get; init; }

        /// <summary>A payment's id, the provider's id, or the payer's e-mail address.</summary>
        public string? Search { get; init; }

        public ListPayments.Filter ToFilter() => new(Status, Provider, Currency, From, To, Search, StartingAfter);
    }
}
