using System.Text.RegularExpressions;
using Tender.Server.Audit;

namespace Tender.Tests.Conventions;

public sealed partial class AuditActionTests
{
    // What is about a user and no tenant lies in the owner's database alone.
    private static readonly string[] OfTheOwner = ["user.", "owner."];

    [Fact]
    public void What_is_recorded_is_what_the_audit_can_be_filtered_by() =>
        Recorded().Where(action => !OfTheOwner.Any(kind => action.StartsWith(kind, StringComparison.Ordinal))).Distinct().Order(StringComparer.Ordinal).ShouldBe(AuditLook.Actions);

    // A file that records at all names its actions in it.
    private static IEnumerable<string> Recorded() =>
        from file in Sources.Under("src/Tender.Server", ".cs")
        where Recording().IsMatch(file.Text)
        from action in Action().Matches(file.Text)
        select action.Groups[1].Value;

    [GeneratedRegex(@"\bAddAudit\(|\brecord_audit\(")]
    private static partial Regex Recording();

    [GeneratedRegex("""["']([a-z_]+\.[a-z_]+)["']""")]
    private static partial Regex Action();
}
