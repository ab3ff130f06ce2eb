using System.CommandLine;
using System.Security.Cryptography;
using Tender.Server.Hosting;
using Tender.Server.Members;
using Tender.Server.Tenancy;

namespace Tender.Server.Commands;

/// <summary>tender people create, join, password: who can sign in, for whoever sits at the machine.</summary>
internal static class People
{
    private const string Actor = "command line";
    private const int PasswordChars = 20;

    public static Command Verb() => new("people", "People who sign in: create, join, password.") { CreateVerb(), JoinVerb(), PasswordVerb() };

    private static Command CreateVerb()
    {
        var email = new Argument<string>("email") { Description = "The mail address they sign in with." };
        var name = new Option<string?>("--name") { Description = "As others read it; the address without it." };
        var tenant = new Option<string?>("--tenant") { Description = "The code or slug of the tenant they belong to." };
        var role = Role();
        role.DefaultValueFactory = _ => "admin";
        var owner = new Option<bool>("--owner") { Description = "They run the installation." };
        var verb = new Command("create", "Makes somebody who can sign in, and prints their password.") { email, name, tenant, role, owner };
        verb.SetAction((words, cancellation) => WithoutListening.RunAsync(async services =>
        {
            var code = words.GetValue(tenant) is { } asked ? await CodeOfAsync(services.GetRequiredService<OwnerDb>(), asked, cancellation) : null;
            var password = NewPassword();
            var to = words.GetRequiredValue(email);
            var outcome = await services.GetRequiredService<CreateMember>().RunAsync(to, password, words.GetValue(name) ?? to, code, words.GetValue(role)!, words.GetValue(owner), cancellation);
            return await TellAsync(to, password, (outcome as CreateMember.Outcome.Refused)?.Why);
        }, cancellation));
        return verb;
    }

    private static Command JoinVerb()
    {
        var email = new Argument<string>("email") { Description = "The mail address they sign in with." };
        var tenant = new Argument<string>("tenant") { Description = "The code or slug of the tenant." };
        var role = Role();
        role.Required = true;
        var verb = new Command("join", "Makes somebody who can sign in a member of one more tenant.") { email, tenant, role };
        verb.SetAction((words, cancellation) => WithoutListening.RunAsync(async services =>
        {
            var code = await CodeOfAsync(services.GetRequiredService<OwnerDb>(), words.GetRequiredValue(tenant), cancellation);
            var refused = await services.GetRequiredService<CreateMember>().JoinAsync(words.GetRequiredValue(email), code, words.GetRequiredValue(role), Actor, cancellation);
            await WithoutListening.SayAsync(refused ?? $"{words.GetRequiredValue(email)}\t{code}\t{words.GetValue(role)}");
            return refused is null ? 0 : 1;
        }, cancellation));
        return verb;
    }

    private static Option<string> Role()
    {
        var role = new Option<string>("--role") { Description = "At the tenant: viewer, operator or admin." };
        role.AcceptOnlyFromAmong([.. CreateMember.Roles]);
        return role;
    }

    private static Command PasswordVerb()
    {
        var email = new Argument<string>("email") { Description = "The mail address they sign in with." };
        var drop = new Option<bool>("--drop-second-factor") { Description = "For who lost the phone and the recovery codes." };
        var verb = new Command("password", "Gives somebody a new password, and prints it. Their sessions end.") { email, drop };
        verb.SetAction((words, cancellation) => WithoutListening.RunAsync(async services =>
        {
            var password = NewPassword();
            var to = words.GetRequiredValue(email);
            var outcome = await services.GetRequiredService<SetPassword>().RunAsync(to, password, Actor, cancellation, words.GetValue(drop));
            return await TellAsync(to, password, (outcome as SetPassword.Outcome.Refused)?.Why);
        }, cancellation));
        return verb;
    }

    private static async Task<string> CodeOfAsync(OwnerDb owner, string asked, CancellationToken cancellation) =>
        await owner.QuerySingleOrDefaultAsync<string>("select code from tenants where code = @asked or slug = @asked", new { asked }, cancellation)
        ?? throw new CannotStartException($"There is no tenant {asked}; `tender tenants list` shows them.");

    private static async Task<int> TellAsync(string email, string password, string? refused)
    {
        await WithoutListening.SayAsync(refused ?? $"{email}\t{password}");
        return refused is null ? 0 : 1;
    }

    private static string NewPassword() => RandomNumberGenerator.GetString("abcdefghijkmnpqrstuvwxyz23456789", PasswordChars);
}
