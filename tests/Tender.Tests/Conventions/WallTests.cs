using System.Text.RegularExpressions;
using System.Xml.Linq;
using Tender.Server;

namespace Tender.Tests.Conventions;

/// <summary>Walls whose crossing is an incident.</summary>
public sealed partial class WallTests
{
    [Theory]
    [InlineData("Tender.Domain", "")]
    [InlineData("Tender.Providers", "Tender.Domain")]
    [InlineData("Tender.Simulators", "")]
    [InlineData("Tender.Server", "Tender.Domain Tender.Providers")]
    public void A_project_sees_only_what_it_may_see(string project, string sees)
    {
        var file = XDocument.Load(Path.Combine(Repository.Root, "src", project, $"{project}.csproj"));

        file.Descendants("ProjectReference").Select(reference => Path.GetFileNameWithoutExtension(((string)reference.Attribute("Include")!).Replace('\\', '/')))
            .Order(StringComparer.Ordinal).ShouldBe(sees.Split(' ', StringSplitOptions.RemoveEmptyEntries));
    }

    [Theory]
    [InlineData("src/Tender.Domain", "Npgsql|Dapper|Microsoft\\.AspNetCore|System\\.Net\\.Http|File\\.|Console\\.")]
    [InlineData("src/Tender.Providers", "Npgsql|Dapper|Microsoft\\.AspNetCore|Tender\\.Server|File\\.")]
    public void Rules_and_handlers_touch_nothing_but_what_they_are_given(string folder, string forbidden) =>
        Allowed.Only("reach", Sources.Under(folder, ".cs").Where(file => Regex.IsMatch(file.Code, $@"\b(?:{forbidden})")).Select(file => file.Path));

    [Fact]
    public void What_surfaces_stand_on_knows_none_of_them() =>
        Allowed.Only("uses a surface", Outside("src/Tender.Server/Surfaces", "src/Tender.Server")
            .Where(file => file.Path != "src/Tender.Server/TenderApp.cs" && file.Code.Contains("Tender.Server.Surfaces", StringComparison.Ordinal)).Select(file => file.Path));

    [Fact]
    public void A_checkout_knows_nothing_of_the_links_that_lead_to_it() =>
        Allowed.Only("uses links", Sources.Under("src/Tender.Server/Surfaces/Checkout", ".cs").Where(file => file.Code.Contains("Surfaces.PaymentLinks", StringComparison.Ordinal)).Select(file => file.Path));

    [Fact]
    public void Only_the_secrets_folder_decrypts() =>
        Allowed.Only("decrypts", Outside("src/Tender.Server/Secrets", "src/Tender.Server").Where(file => Decryption().IsMatch(file.Code)).Select(file => file.Path));

    [Fact]
    public void A_secret_is_revealed_only_where_it_goes_onto_a_wire_or_into_a_signature() =>
        Allowed.Only("reveals", Outside("src/Tender.Server/Secrets", "src/Tender.Server").Where(file => file.Code.Contains(".Reveal()", StringComparison.Ordinal)).Select(file => file.Path));

    [Fact]
    public void Only_the_gateway_calls_providers() =>
        Allowed.Only("calls providers", Outside("src/Tender.Server/Connections", "src/Tender.Server").Where(file => ProviderAbility().IsMatch(file.Code)).Select(file => file.Path));

    [Fact]
    public void No_transaction_is_open_across_a_provider_call() =>
        Allowed.Only("transaction", Sources.Under("src/Tender.Server", ".cs")
            .Where(file => Transaction().IsMatch(file.Code) && Gateway().IsMatch(file.Code)).Select(file => file.Path));

    [Fact]
    public void SQL_takes_values_as_parameters()
    {
        var files = Sources.Under("src/Tender.Server", ".cs").ToList();
        var constants = files.SelectMany(file => Constant().Matches(file.Code)).Select(name => name.Groups[1].Value).ToHashSet(StringComparer.Ordinal);

        Allowed.Only("sql", from file in files
                            from sql in Interpolated().Matches(file.Text).Where(text => SqlStart().IsMatch(text.Value))
                            from hole in Hole().Matches(sql.Value)
                            where !constants.Contains(hole.Groups[1].Value.Split('.')[^1])
                            select $"{file.Path} {hole.Groups[1].Value}");
    }

    [Fact]
    public void A_request_that_validation_would_skip_is_public() =>
        Allowed.Only("request", from type in typeof(TenderApp).Assembly.GetTypes()
                                where type.Name is "Request" && !type.IsPublic && !type.IsNestedPublic
                                select type.FullName);

    private static IEnumerable<SourceFile> Outside(string inside, string folder) =>
        Sources.Under(folder, ".cs").Where(file => !file.Path.StartsWith(inside + "/", StringComparison.Ordinal));

    [GeneratedRegex(@"\bAesGcm\b|\.Decrypt\(|\bAesSeal\b")]
    private static partial Regex Decryption();

    [GeneratedRegex(@"\b(IPaymentProvider|IRefundPayments|ICapturePayments|ICancelPayments|IIssueInvoices|IConnectByOAuth|ICheckCredentials)\b")]
    private static partial Regex ProviderAbility();

    [GeneratedRegex(@"\bBeginTransaction(Async)?\b")]
    private static partial Regex Transaction();

    [GeneratedRegex(@"\bProviderGateway\b")]
    private static partial Regex Gateway();

    [GeneratedRegex("""\$+(?:"{3}[\s\S]*?"{3}|"(?:\\.|[^"\\])*")""")]
    private static partial Regex Interpolated();

    [GeneratedRegex("""^\$+"+\s*(?:select|insert into|update|delete from|with|create|drop|alter|copy|notify|listen)\b""", RegexOptions.IgnoreCase)]
    private static partial Regex SqlStart();

    [GeneratedRegex(@"\{+([^{}]+)\}+")]
    private static partial Regex Hole();

    [GeneratedRegex(@"\bconst string (\w+)")]
    private static partial Regex Constant();
}
