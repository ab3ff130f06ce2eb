using System.CommandLine;
using System.Text.RegularExpressions;
using Tender.Domain.Amounts;
using Tender.Server.Tenancy;

namespace Tender.Server.Commands;

/// <summary>tender tenants create, list, migrate.</summary>
internal static partial class Tenants
{
    private static readonly string[] Plans = ["free", "starter", "pro", "business"];

    public static Command Verb()
    {
        var list = new Command("list", "Prints every tenant: code, slug, state, plan, currency, database, name.");
        list.SetAction((_, cancellation) => ListAsync(cancellation));
        var migrate = new Command("migrate", "Brings every tenant's database up to date.");
        migrate.SetAction((_, cancellation) => Migrate.RunAsync(cancellation));
        return new Command("tenants", "Tenants: create, list, migrate.") { CreateVerb(), list, migrate };
    }

    private static Command CreateVerb()
    {
        var slug = new Argument<string>("slug") { Description = "Its short name: lower-case letters, digits and hyphens." };
        var name = new Option<string?>("--name") { Description = "As people read it; the slug without it." };
        var currency = new Option<string>("--currency") { Description = "Its usual currency.", DefaultValueFactory = _ => "usd" };
        var plan = new Option<string>("--plan") { Description = string.Join(", ", Plans) + ".", DefaultValueFactory = _ => "pro" };
        plan.AcceptOnlyFromAmong(Plans);
        slug.Validators.Add(words => Refuse(words, !Slug().IsMatch(words.GetValueOrDefault<string>()), "A slug has 1 to 63 lower-case letters, digits and hyphens, and does not begin with a hyphen."));
        currency.Validators.Add(words => Refuse(words, !Currency.TryParse(words.GetValueOrDefault<string>(), out _), "A currency is an ISO 4217 code or BTC."));

        var verb = new Command("create", "Makes a tenant with a database of its own; a second time it finishes what was cut off.") { slug, name, currency, plan };
        verb.SetAction((words, cancellation) => WithoutListening.RunAsync(async services =>
        {
            var tenant = await services.GetRequiredService<CreateTenant>().RunAsync(
                words.GetRequiredValue(slug), words.GetValue(name) ?? words.GetRequiredValue(slug), words.GetRequiredValue(currency), words.GetRequiredValue(plan), cancellation);
            await WithoutListening.SayAsync(Line(tenant));
            return 0;
        }, cancellation));
        return verb;
    }

    private static Task<int> ListAsync(CancellationToken cancellation) => WithoutListening.RunAsync(async services =>
    {
        foreach (var tenant in await services.GetRequiredService<OwnerDb>().QueryAsync<Tenant>($"{TenantDatabases.SelectTenant} order by slug", null, cancellation))
        {
            await WithoutListening.SayAsync(Line(tenant));
        }
        return 0;
    }, cancellation);

    private static string Line(Tenant tenant) => string.Join('\t', tenant.Code, tenant.Slug, tenant.State, tenant.Plan, tenant.Currency, tenant.Database, tenant.Name);

    private static void Refuse(System.CommandLine.Parsing.SymbolResult words, bool isBad, string why)
    {
        if (isBad) words.AddError(why);
    }

    [GeneratedRegex("^[a-z0-9][a-z0-9-]{0,62}$")]
    private static partial Regex Slug();
}
