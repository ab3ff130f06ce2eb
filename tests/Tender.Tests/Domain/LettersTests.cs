using Tender.Domain;

namespace Tender.Tests.Domain;

public sealed class LettersTests
{
    [Theory]
    [InlineData("short", 5, "short")]
    [InlineData("longer", 5, "longe")]
    [InlineData("four🙂", 6, "four🙂")]
    [InlineData("four🙂!", 6, "four🙂")]
    [InlineData("four🙂!", 5, "four")]
    [InlineData("🙂!", 1, "")]
    public void What_is_too_long_is_cut_never_within_a_letter(string text, int charactersMax, string left) => text.AtMost(charactersMax).ShouldBe(left);
}
