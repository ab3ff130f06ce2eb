namespace Tender.Server.Sellers;

/// <summary>Who sells, as invoices and mails say it. The settings page takes its own form.</summary>
internal static class SellersSlice
{
    public static IServiceCollection AddSellers(this IServiceCollection services) => services.AddSingleton<ChangeSeller>();
}
