using Tender.Providers;
using Tender.Server.Audit;
using Tender.Server.Connections;
using Tender.Server.Console;
using Tender.Server.Events;
using Tender.Server.Fulfilment;
using Tender.Server.Hosting;
using Tender.Server.Hosting.OpenApi;
using Tender.Server.Members;
using Tender.Server.Payments;
using Tender.Server.Products;
using Tender.Server.Refunds;
using Tender.Server.Secrets;
using Tender.Server.Sellers;
using Tender.Server.Surfaces.Checkout;
using Tender.Server.Surfaces.PaidAccess;
using Tender.Server.Surfaces.PaymentLinks;
using Tender.Server.Tenancy;
using Tender.Server.Webhooks.In;

namespace Tender.Server;

/// <summary>
/// What the server consists of: one Add and one Map line for each slice. The command line serves it; tests build it in
/// their own process, on a port of their own.
/// </summary>
public static class TenderApp
{
    /// <summary>The whole server, not yet started. <see cref="Settings.Database"/> must be given.</summary>
    public static WebApplication Build(Settings settings, Action<WebApplicationBuilder>? change = null)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.AddHosting(settings);
        builder.Services
            .AddTenancy(settings.Database ?? throw new ArgumentException("No database was opened.", nameof(settings)), settings.TenantConnections)
            .AddSecrets(settings.MasterKey, settings.DataFolder)
            .AddMembers()
            .AddEvents()
            .AddSingleton(services => AllProviders.Of(
                new(new(settings.Stripe.ApiBase, settings.Stripe.JsUrl, settings.Stripe.ApiVersion)), ProviderHttp.CreateClient(), services.GetRequiredService<TimeProvider>()))
            .AddProviderConnections()
            .AddPayments()
            .AddRefunds()
            .AddWebhooksIn()
            .AddFulfilment()
            .AddProducts()
            .AddSellers()
            .AddCheckout()
            .AddPaymentLinks()
            .AddPaidAccess()
            .AddConsole()
            .AddHome()
            .AddApiDocument();
        change?.Invoke(builder);

        var app = builder.Build();
        app.UseHosting();
        app.UseBrowserFiles();
        app.UseCors();
        app.UseIdempotency();
        app.UseMembers();
        app.UseAntiforgery();

        app.MapHosting();
        app.MapMembers();
        app.MapSecrets();
        app.MapAudit();
        app.MapProviderConnections();
        app.MapPayments();
        app.MapRefunds();
        app.MapWebhooksIn();
        app.MapFulfilment();
        app.MapProducts();
        app.MapCheckout();
        app.MapPaymentLinks();
        app.MapPaidAccess();
        app.MapConsole();
        app.MapApiDocument();
        return app;
    }

    /// <summary>Opens the databases and brings them up to date; before the app is started.</summary>
    public static Task OpenDatabasesAsync(WebApplication app, CancellationToken cancellation) =>
        app.Services.GetRequiredService<OpenDatabases>().RunAsync(cancellation);
}
