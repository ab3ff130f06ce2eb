using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using Npgsql;
using Tender.Domain;
using Tender.Domain.Providers;
using Tender.Providers;
using Tender.Server.Audit;
using Tender.Server.Hosting;
using Tender.Server.Members;
using Tender.Server.Tenancy;

namespace Tender.Server.Connections;

/// <summary>POST /api/connections/create: a tenant's account at a provider. The provider is asked first; nothing is stored that does not work.</summary>
internal sealed class CreateConnection(
    AllProviders providers, ReadCredentials read, AskForAccount ask, SealSecrets seal, OpenAccount open, RegisterWebhook registerWebhook,
    ReadConnections connections, ListConnections list, ConnectedAccounts accounts, Ids ids, TimeProvider time)
{
    private const int ConnectionsMax = 200;
    private const int NameCharactersMax = 100;

    public async Task<Saved> RunAsync(TenantDb db, Request request, Caller caller, CancellationToken cancellation, IdempotentCall? call = null)
    {
        if (call?.Resumes is { } id && await list.FindAsync(db, id, cancellation) is { } cutOff) return await ResumeAsync(db, cutOff, cancellation);
        if (providers.Find(request.Provider) is not { } provider) return new Saved.Wrong("provider", "is not a provider of this installation");
        var there = await connections.RunAsync(db, cancellation);
        if (PlanLimits.NeededFor(db.Tenant, provider.Code, there) is { } plan) return new Saved.PlanNeeded(plan);
        if (there.Count >= ConnectionsMax) return new Saved.TooMany(ConnectionsMax);
        if (RequestedCurrencies.Wrong(request.Currencies) is { } why) return new Saved.Wrong("currencies", why);

        var credentials = await read.RunAsync(provider, db.Tenant.Code, request.Credentials, isWhole: true, cancellation);
        if (credentials is not ReadCredentials.Outcome.Read entered) return new Saved.Wrong(((ReadCredentials.Outcome.Wrong)credentials).Errors);

        return await RunOpenedAsync(db, provider, request, entered, caller, cancellation, call);
    }

    /// <summary>The same with credentials that did not pass a browser: the command line's.</summary>
    public async Task<Saved> RunOpenedAsync(
        TenantDb db, IPaymentProvider provider, Request request, ReadCredentials.Outcome.Read entered, Caller caller, CancellationToken cancellation,
        IdempotentCall? call = null)
    {
        var mode = request.Mode is null ? caller.Mode : Words.Parse<Mode>(request.Mode);
        var account = new Account(ids.New("con", db.Tenant.Code), mode, entered.Fields, entered.Secrets, WebhookSecrets.In(entered.Secrets));
        var answer = await ask.RunAsync(provider, account, cancellation);
        return answer.Check switch
        {
            AccountCheck.Works works when works.Mode != mode && request.Mode is not null => new Saved.OtherMode(works.Mode),
            AccountCheck.Works works => await StoreAsync(db, provider, request, account with { Mode = works.Mode }, works, answer, caller, call, cancellation),
            AccountCheck.Refused refused => new Saved.Refused(refused.Reason),
            AccountCheck.NotReached away => new Saved.NotReached(away.Why),
            _ => throw new Domain.BrokenRuleException($"no rule for {answer.Check.GetType().Name}"),
        };
    }

    private async Task<Saved> StoreAsync(
        TenantDb db, IPaymentProvider provider, Request request, Account account, AccountCheck.Works works, AskForAccount.Answer answer, Caller caller,
        IdempotentCall? call, CancellationToken cancellation)
    {
        var name = request.Name ?? works.DisplayName ?? provider.Code;
        var row = await NewRowAsync(db, provider, request, account, works, name, caller, cancellation);
        try
        {
            await WriteAsync(db, row, request.IsDefault, answer, caller, call, cancellation);
        }
        catch (PostgresException fault) when (fault.ConstraintName is "connections_provider_name_key")
        {
            return new Saved.NameTaken();
        }
        catch (PostgresException fault) when (fault.ConstraintName is "connections_one_default")
        {
            // Another first connection was faster: then that one is the default.
            await WriteAsync(db, row, isDefault: false, answer, caller, call, cancellation);
        }

        return await FinishAsync(db, provider, account, works.AccountId, cancellation);
    }

    // What follows the commit: repeating it is safe, and a creation that was cut off has it still before it.
    private async Task<Saved> FinishAsync(TenantDb db, IPaymentProvider provider, Account account, string? accountId, CancellationToken cancellation)
    {
        if (accountId is not null) await accounts.AddAsync(db.Tenant, provider.Code, accountId, account.ConnectionId, cancellation);
        var note = await registerWebhook.RunAsync(db, provider, account, cancellation);
        connections.Changed(db.Tenant);
        return new Saved.Created((await list.FindAsync(db, account.ConnectionId, cancellation))! with { WebhookNote = note });
    }

    private async Task<Saved> ResumeAsync(TenantDb db, Connection cutOff, CancellationToken cancellation)
    {
        // The first try may have ended before this process was told.
        connections.Changed(db.Tenant);
        return await FinishAsync(db, providers.Find(cutOff.Provider)!, await open.RunAsync(db, cutOff.Id, cancellation), cutOff.AccountId, cancellation);
    }

    private async Task<NewRow> NewRowAsync(
        TenantDb db, IPaymentProvider provider, Request request, Account account, AccountCheck.Works works, string name, Caller caller, CancellationToken cancellation) =>
        new(account.ConnectionId, provider.Code, name.AtMost(NameCharactersMax), account.Mode.ToWord(), request.Priority,
            RequestedCurrencies.Clean(request.Currencies) ?? [.. works.Currencies], works.AccountId, JsonSerializer.Serialize(account.Fields),
            await seal.RunAsync(db.Tenant.Code, account.ConnectionId, account.Secrets, cancellation),
            request.Settings is { } settings ? settings.GetRawText() : "{}", caller.Actor, time.GetUtcNow());

    private static Task WriteAsync(
        TenantDb db, NewRow row, bool? isDefault, AskForAccount.Answer answer, Caller caller, IdempotentCall? call, CancellationToken cancellation)
    {
        var batch = new Batch();
        if (isDefault is true) batch.Add("update connections set is_default = false where provider = @Provider and mode = @Mode and is_default", new { row.Provider, row.Mode });
        batch.Add("""
            insert into connections (id, provider, name, mode, priority, is_default, currencies, account_id, fields, sealed_secrets, settings, created_by, created_at, updated_at)
            values (@Id, @Provider, @Name, @Mode,
              coalesce(@Priority, (select coalesce(max(priority), 90) + 10 from connections)),
              coalesce(@IsDefault, not exists (select 1 from connections where provider = @Provider and mode = @Mode and is_default)),
              @Currencies, @AccountId, @Fields::jsonb, @SealedSecrets::jsonb, @Settings::jsonb, @CreatedBy, @CreatedAt, @CreatedAt)
            """, new
        {
            row.Id,
            row.Provider,
            row.Name,
            row.Mode,
            row.Priority,
            IsDefault = isDefault,
            row.Currencies,
            row.AccountId,
            row.Fields,
            row.SealedSecrets,
            row.Settings,
            row.CreatedBy,
            row.CreatedAt,
        });
        batch.AddCheck(row.Id, answer, row.CreatedAt, row.CreatedAt + CheckTimes.Soon)
            .AddAudit(caller, "connection.created", row.Id, new { row.Provider, row.Name, row.Mode, row.AccountId, row.Currencies });
        call?.Claim(batch, row.Id);
        return db.WriteAsync(batch, cancellation);
    }

    private sealed record NewRow(
        string Id, string Provider, string Name, string Mode, int? Priority, string[] Currencies, string? AccountId, string Fields, string SealedSecrets,
        string Settings, string CreatedBy, DateTimeOffset CreatedAt);

    /// <param name="Provider">A provider's code.</param>
    /// <param name="Name">Tells it from the tenant's other connections to the provider; the account's own name when it is missing.</param>
    /// <param name="Mode">test or live; the key's own when it is missing.</param>
    /// <param name="Credentials">The provider's fields; each secret one sealed by encryptForServer for the purpose connections.(provider).(field).</param>
    /// <param name="Settings">The provider's own options.</param>
    /// <param name="IsDefault">The first connection of a provider and mode is its default unless this says otherwise.</param>
    /// <param name="Priority">Lower is tried earlier; the last place when it is missing.</param>
    /// <param name="Currencies">The currencies to take through it; those of the account when it is missing, and every one when it has none.</param>
    public sealed record Request(
        [Required, StringLength(40)] string Provider, [StringLength(100, MinimumLength = 1)] string? Name, [OneOf("test", "live")] string? Mode,
        [Required, MaxLength(20)] Dictionary<string, string> Credentials, JsonElement? Settings = null, bool? IsDefault = null, [Range(0, 1_000_000)] int? Priority = null,
        [MaxLength(50)] string[]? Currencies = null);
}
