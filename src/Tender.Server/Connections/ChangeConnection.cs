using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using Npgsql;
using Tender.Domain.Providers;
using Tender.Providers;
using Tender.Server.Audit;
using Tender.Server.Members;
using Tender.Server.Tenancy;

namespace Tender.Server.Connections;

/// <summary>PATCH /api/connections/{id}: what is given is changed, the rest stays. New credentials are tried with the provider before they replace the old.</summary>
internal sealed class ChangeConnection(
    AllProviders providers, ReadCredentials read, AskForAccount ask, OpenAccount open, SealSecrets seal, ReadConnections connections, ListConnections list, TimeProvider time)
{
    // Even two changes in the same microsecond are two versions: opened credentials are remembered by it.
    internal const string NewVersion = "updated_at = greatest(@Now, updated_at + interval '1 microsecond')";

    // A provider may still be sending what it signed before the change; Stripe keeps both secrets for up to 24 hours.
    private static readonly TimeSpan PreviousWebhookSecretKept = TimeSpan.FromHours(24);

    public async Task<Saved> RunAsync(TenantDb db, string id, Request request, Caller caller, CancellationToken cancellation)
    {
        if (await list.FindAsync(db, id, cancellation) is not { } before) return new Saved.NotFound();
        if (RequestedCurrencies.Wrong(request.Currencies) is { } why) return new Saved.Wrong("currencies", why);

        var batch = new Batch();
        if (request.Credentials is { Count: > 0 } entered && await AddCredentialsAsync(batch, db, before, entered, cancellation) is { } refused) return refused;
        AddRest(batch, before, request, time.GetUtcNow());
        batch.AddAudit(caller, "connection.changed", id, Said(request));
        try
        {
            await db.WriteAsync(batch, cancellation);
        }
        catch (PostgresException fault) when (fault.ConstraintName is "connections_provider_name_key")
        {
            return new Saved.NameTaken();
        }

        connections.Changed(db.Tenant);
        return await list.FindAsync(db, id, cancellation) is { } after ? new Saved.Changed(after) : new Saved.NotFound();
    }

    private async Task<Saved?> AddCredentialsAsync(
        Batch batch, TenantDb db, Connection before, Dictionary<string, string> submitted, CancellationToken cancellation)
    {
        if (providers.Find(before.Provider) is not { } provider) return new Saved.Wrong("credentials", "cannot be changed: this installation no longer has the provider");
        var credentials = await read.RunAsync(provider, db.Tenant.Code, submitted, isWhole: false, cancellation);
        if (credentials is not ReadCredentials.Outcome.Read entered) return new Saved.Wrong(((ReadCredentials.Outcome.Wrong)credentials).Errors);

        var old = await open.RunAsync(db, before.Id, cancellation);
        var account = old with { Fields = Over(old.Fields, entered.Fields), Secrets = Over(old.Secrets, entered.Secrets) };
        var answer = await ask.RunAsync(provider, account, cancellation);
        switch (answer.Check)
        {
            case AccountCheck.Refused refused: return new Saved.Refused(refused.Reason);
            case AccountCheck.NotReached away: return new Saved.NotReached(away.Why);
            case AccountCheck.Works works when works.Mode != old.Mode: return new Saved.OtherMode(works.Mode);
            // Payments that are open are only known to the account they went to.
            case AccountCheck.Works works when before.AccountId is { } known && works.AccountId != known: return new Saved.OtherAccount(works.AccountId);
        }

        await AddSealedAsync(batch, db, before.Id, old, entered, cancellation);
        var now = time.GetUtcNow();
        batch.AddCheck(before.Id, answer, now, now + CheckTimes.Soon);
        return null;
    }

    private async Task AddSealedAsync(
        Batch batch, TenantDb db, string id, Account old, ReadCredentials.Outcome.Read entered, CancellationToken cancellation)
    {
        var secrets = new Dictionary<string, Secret>(entered.Secrets, StringComparer.Ordinal);
        var replaced = secrets.ContainsKey(WebhookSecrets.Current) ? old.Secrets.GetValueOrDefault(WebhookSecrets.Current) : null;
        if (replaced is not null) secrets[WebhookSecrets.Previous] = replaced;
        batch.Add($"""
            update connections set fields = fields || @Fields::jsonb, sealed_secrets = sealed_secrets || @Sealed::jsonb,
                   previous_webhook_secret_until = coalesce(@Until, previous_webhook_secret_until), {NewVersion}
            where id = @id
            """, new
        {
            id,
            Now = time.GetUtcNow(),
            Fields = JsonSerializer.Serialize(entered.Fields),
            Sealed = await seal.RunAsync(db.Tenant.Code, id, secrets, cancellation),
            Until = replaced is null ? (DateTimeOffset?)null : time.GetUtcNow() + PreviousWebhookSecretKept,
        });
    }

    private static void AddRest(Batch batch, Connection before, Request request, DateTimeOffset now)
    {
        if (request.IsDefault is true) batch.Add("""
            update connections set is_default = false where provider = @Provider and mode = @Mode and is_default and id <> @Id
            """, new { before.Provider, before.Mode, before.Id });
        batch.Add($"""
            update connections set name = coalesce(@Name, name), is_enabled = coalesce(@IsEnabled, is_enabled), is_default = coalesce(@IsDefault, is_default),
                   priority = coalesce(@Priority, priority), currencies = coalesce(@Currencies, currencies), settings = coalesce(@Settings::jsonb, settings),
                   status = case when @IsEnabled and status = 'draining' then 'unchecked' else status end,
                   next_check_at = case when @IsEnabled then @Now else next_check_at end, {NewVersion}
            where id = @Id
            """, new
        {
            before.Id,
            request.Name,
            request.IsEnabled,
            request.IsDefault,
            request.Priority,
            Currencies = RequestedCurrencies.Clean(request.Currencies),
            Settings = request.Settings?.GetRawText(),
            Now = now,
        });
    }

    // The names of the credentials, never what is in them.
    private static object Said(Request request) => new
    {
        request.Name,
        request.IsEnabled,
        request.IsDefault,
        request.Priority,
        request.Currencies,
        Credentials = request.Credentials?.Keys,
        request.Settings,
    };

    private static Dictionary<string, T> Over<T>(IReadOnlyDictionary<string, T> old, IReadOnlyDictionary<string, T> fresh)
    {
        var merged = new Dictionary<string, T>(old, StringComparer.Ordinal);
        foreach (var (name, value) in fresh) merged[name] = value;
        return merged;
    }

    /// <param name="IsEnabled">False takes no new payments through it; true also ends draining.</param>
    /// <param name="IsDefault">True makes it the provider's default in its mode, instead of the one before.</param>
    /// <param name="Credentials">Those that change, secret ones sealed; they must open the same account.</param>
    public sealed record Request(
        [StringLength(100, MinimumLength = 1)] string? Name = null, bool? IsEnabled = null, bool? IsDefault = null, [Range(0, 1_000_000)] int? Priority = null,
        [MaxLength(50)] string[]? Currencies = null, [MaxLength(20)] Dictionary<string, string>? Credentials = null, JsonElement? Settings = null);
}
