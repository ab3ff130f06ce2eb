namespace Tender.Tests.Conventions;

public sealed class SizeTests
{
    private const int FileLinesMax = 300;
    private const int MethodLinesMax = 60;
    private const int ProgramLinesMax = 40;

    [Fact]
    public void No_file_has_more_than_300_lines() =>
        Allowed.Only("file", Sources.Under("src", ".cs", ".razor", ".ts", ".css", ".mjs").Where(file => !file.Path.Contains("wwwroot", StringComparison.Ordinal))
            .Concat(Sources.Under("tests", ".cs")).Concat(Sources.Under("examples", ".cs")).Concat(Sources.Under("bench", ".cs"))
            .Where(file => file.Lines > FileLinesMax).Select(file => file.Path));

    [Fact]
    public void No_method_has_more_than_60_lines() =>
        Allowed.Only("method", from file in Sources.Under("src", ".cs").Concat(Sources.Under("tests", ".cs"))
                               from method in Members.Methods(file)
                               where method.Lines > MethodLinesMax
                               select $"{file.Path} {method.Name}");

    [Fact]
    public void Program_is_a_table_of_contents()
    {
        foreach (var program in Sources.Under("src", "/Program.cs"))
        {
            program.Lines.ShouldBeLessThanOrEqualTo(ProgramLinesMax, program.Path);
            foreach (var word in new[] { "if (", "for (", "foreach", "while (", "switch", "try" }) program.Code.ShouldNotContain(word, Case.Sensitive, program.Path);
        }
    }

    [Fact]
    public void The_counting_of_lines_finds_a_method_that_is_too_long()
    {
        var body = string.Concat(Enumerable.Repeat("        x = y switch { 1 => \"}\", _ => '{' };\n", 60));
        var file = new SourceFile("A.cs", $$"""
            namespace A;
            [Some(Thing = "(")]
            internal sealed class B(int c) : D(c)
            {
                private readonly int e = F(1);
                public int Property { get; init; } = 3;
                public void Short(string text = "") { }
                [Theory(1), Other]
                public async Task<int> LongAsync<T>(int g = 3)
                    where T : class
                {
            {{body}}    }
                public int Arrow(int h) => h switch
                {
                    _ => 1,
                };
                internal sealed record Nested(int I) { public void Inside() { } }
            }
            """);

        Members.Methods(file).ShouldBe([("Short", 1), ("LongAsync", 64), ("Arrow", 4), ("Inside", 1)]);
    }
}
