using System.Text.RegularExpressions;
using Tender.Domain.Providers;
using Tender.Server.Secrets;

namespace Tender.Server.Connections;

/// <summary>Reads the credentials a member entered: public fields as they are, secret ones sealed by the browser for this tenant, provider and field.</summary>
internal sealed class ReadCredentials(DecryptFromClient decrypt)
{
    private const int CharactersMax = 4_000;

    // For providers whose form does not ask: whoever set the webhook up by hand can still hand in what it is signed with.
    private static readonly CredentialField PastedWebhookSecret =
        new(WebhookSecrets.Current, "Webhook secret", Secret: true, Required: false, Pattern: "^\\S+$", Hint: "What the provider shows beside the webhook's address.");

    /// <summary>What a sealed field must say it is for.</summary>
    public static string Purpose(string provider, string field) => $"connections.{provider}.{field}";

    /// <param name="isWhole">True for a new connection, which needs every required field; a change may bring some.</param>
    public async Task<Outcome> RunAsync(
        IPaymentProvider provider, string tenant, IReadOnlyDictionary<string, string> entered, bool isWhole, CancellationToken cancellation)
    {
        var form = FormOf(provider);
        var wrong = WrongShapes(form, entered, isWhole);
        if (wrong.Count > 0) return new Outcome.Wrong(wrong);

        var (fields, secrets) = (new Dictionary<string, string>(StringComparer.Ordinal), new Dictionary<string, Secret>(StringComparer.Ordinal));
        foreach (var field in form.Where(field => entered.ContainsKey(field.Name)))
        {
            if (!field.Secret)
            {
                fields[field.Name] = entered[field.Name];
                continue;
            }

            var opened = await decrypt.RunAsync(entered[field.Name], tenant, Purpose(provider.Code, field.Name), cancellation);
            if (opened is DecryptFromClient.Outcome.Refused refused) wrong[Path(field)] = [refused.Why];
            else if (opened is DecryptFromClient.Outcome.Opened { Secret: var secret } && Fits(field, secret.Reveal())) secrets[field.Name] = secret;
            else wrong[Path(field)] = [$"does not look like one. {field.Hint}"];
        }

        return wrong.Count > 0 ? new Outcome.Wrong(wrong) : new Outcome.Read(fields, secrets);
    }

    public static IReadOnlyList<CredentialField> FormOf(IPaymentProvider provider) =>
        provider.Credentials.Any(field => field.Name is WebhookSecrets.Current) ? provider.Credentials : [.. provider.Credentials, PastedWebhookSecret];

    private static Dictionary<string, string[]> WrongShapes(IReadOnlyList<CredentialField> form, IReadOnlyDictionary<string, string> entered, bool isWhole)
    {
        var wrong = new Dictionary<string, string[]>(StringComparer.Ordinal);
        foreach (var name in entered.Keys.Where(name => form.All(field => field.Name != name))) wrong[$"credentials.{name}"] = ["is no field of this provider"];
        foreach (var field in form)
        {
            var value = entered.GetValueOrDefault(field.Name);
            if (string.IsNullOrEmpty(value))
            {
                if (field.Required && isWhole) wrong[Path(field)] = [$"is needed. {field.Hint}"];
                else if (value is not null) wrong[Path(field)] = ["is empty; leave it out instead"];
            }
            else if (!field.Secret && !Fits(field, value))
            {
                wrong[Path(field)] = [$"does not look like one. {field.Hint}"];
            }
        }

        return wrong;
    }

    private static bool Fits(CredentialField field, string value) =>
        value.Length <= CharactersMax
        // The whole value: $ alone would let a line end through.
        && Regex.Match(value, field.Pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant) is { Success: true } match && match.Length == value.Length;

    private static string Path(CredentialField field) => $"credentials.{field.Name}";

    public abstract record Outcome
    {
        private Outcome() { }

        public sealed record Read(IReadOnlyDictionary<string, string> Fields, IReadOnlyDictionary<string, Secret> Secrets) : Outcome;

        /// <summary>What is wrong with each field, by its JSON path; no value is repeated.</summary>
        public sealed record Wrong(IReadOnlyDictionary<string, string[]> Errors) : Outcome;
    }
}
