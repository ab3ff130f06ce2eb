using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Tender.Domain.Payments;
using Tender.Providers;
using Tender.Server;
using Tender.Simulators;

namespace Tender.Tests.Conventions;

public sealed partial class NameTests
{
    private static readonly string[] WordsThatSayNothing = ["Manager", "Helper", "Helpers", "Util", "Utils", "Utility", "Service", "Services", "Processor", "Engine", "Impl", "Base", "Dto", "Model", "Info", "Data"];
    private static readonly string[] FoldersThatSayNothing = ["Core", "Common", "Shared", "Misc", "Extensions", "Helpers", "Utils"];

    internal static readonly Assembly[] Ours = [typeof(Payment).Assembly, typeof(AllProviders).Assembly, typeof(TenderApp).Assembly, typeof(SimulatorHost).Assembly];

    [Fact]
    public void A_type_says_what_it_does_to_the_money() =>
        Allowed.Only("type name", from type in Ours.SelectMany(assembly => assembly.GetTypes())
                                  where IsWritten(type) && Words().Matches(type.Name).Any(word => WordsThatSayNothing.Contains(word.Value))
                                  select type.FullName);

    [Fact]
    public void A_folder_says_what_is_in_it() =>
        Allowed.Only("folder", Sources.FoldersUnder("src").Concat(Sources.FoldersUnder("tests")).Where(folder => FoldersThatSayNothing.Contains(Path.GetFileName(folder))));

    [Fact]
    public void A_namespace_is_its_folder() =>
        Allowed.Only("namespace", from file in Sources.Under("src", ".cs").Concat(Sources.Under("tests", ".cs"))
                                  let name = Namespace().Match(file.Text)
                                  where name.Success && name.Groups[1].Value != Path.GetDirectoryName(file.Path)!.Split('/', 2)[1].Replace('/', '.')
                                  select file.Path);

    [Fact]
    public void A_file_is_named_after_what_it_holds() =>
        Allowed.Only("file name", from file in Sources.Under("src", ".cs")
                                  let types = Declared().Matches(file.Text).Select(type => type.Groups[1].Value).ToList()
                                  where types.Count > 0 && !types.Contains(Path.GetFileNameWithoutExtension(file.Path).Split('.')[0])
                                  select file.Path);

    [Fact]
    public void A_public_type_has_a_summary() =>
        Allowed.Only("summary", from file in Sources.Under("src", ".cs")
                                from type in PublicWithoutSummary().Matches(file.Text)
                                select $"{file.Path} {type.Groups[1].Value}");

    // A type that the compiler or a generator made is nobody's to name.
    private static bool IsWritten(Type type) =>
        type.Namespace?.StartsWith("Tender", StringComparison.Ordinal) is true && !type.Name.Contains('<', StringComparison.Ordinal) && !type.IsDefined(typeof(CompilerGeneratedAttribute), inherit: false);

    [GeneratedRegex("[A-Z][a-z0-9]*")]
    private static partial Regex Words();

    [GeneratedRegex(@"^namespace ([\w.]+)", RegexOptions.Multiline)]
    private static partial Regex Namespace();

    [GeneratedRegex(@"^(?:public|internal|file)[\w ]* (?:class|record|struct|interface|enum) (?:struct )?(\w+)", RegexOptions.Multiline)]
    private static partial Regex Declared();

    // At the left edge: a record inside a use case is explained by the use case.
    [GeneratedRegex(@"(?<!^[ ]*///[^\n]*\n(?:\[[^\n]*\n)*)^public[\w ]* (?:class|record|struct|interface|enum) (?:struct )?(\w+)", RegexOptions.Multiline)]
    private static partial Regex PublicWithoutSummary();
}
