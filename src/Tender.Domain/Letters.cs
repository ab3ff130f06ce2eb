namespace Tender.Domain;

/// <summary>Text of others, cut to what we or they take.</summary>
public static class Letters
{
    /// <summary>
    /// The text's beginning, never cut within a letter: half of one (of 🙂, which is two characters) is no text, and no database or form takes it.
    /// </summary>
    /// <param name="charactersMax">The most that is left, in UTF-16 characters, as <see cref="string.Length"/> counts them; at least 1.</param>
    /// <returns>The same text when it is short enough.</returns>
    public static string AtMost(this string text, int charactersMax) =>
        text.Length <= charactersMax ? text : text[..(char.IsHighSurrogate(text[charactersMax - 1]) ? charactersMax - 1 : charactersMax)];
}
