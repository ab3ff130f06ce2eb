using Tender.Server.Console.Parts;

namespace Tender.Server.Console;

/// <summary>The console's pages, in the order they are shown. A new page adds one line.</summary>
internal static class ConsoleNavigation
{
    public static IReadOnlyList<Nav.Group> For(ConsoleFrame frame)
    {
        var groups = new List<Nav.Group>();
        if (frame.TenantName is not null)
        {
            groups.Add(new([
                new(ConsolePaths.Home, "Home", "house", Exact: true),
                new("/console/payments", "Payments", "wallet"),
                new("/console/cases", "Cases", "inbox", Needs: frame.Cases),
                new("/console/products", "Products", "package"),
                new("/console/links", "Links", "link"),
                new("/console/orders", "Paid access", "lock"),
                new("/console/messages", "Messages", "mail"),
            ]));
            groups.Add(new(
            [
                new("/console/connections", "Connections", "plug"),
                new("/console/webhooks", "Webhooks", "webhook"),
                new("/console/api-keys", "API keys", "key-round"),
                new("/console/team", "Team", "users"),
                new("/console/settings", "Settings", "settings"),
                .. frame.Role is "admin" ? [new Nav.Item("/console/audit", "Audit", "history")] : Array.Empty<Nav.Item>(),
            ]));
        }

        if (frame.IsOwner) groups.Add(new([new("/console/tenants", "Tenants", "building-2"), new("/console/platform-webhooks", "Unknown payments", "circle-alert")], "Installation"));
        return groups;
    }
}
