using System.ComponentModel.DataAnnotations;

namespace Tender.Server.Hosting;

/// <summary>Holds a request that came from a form against the rules on its record: the same that the API's validation finds there.</summary>
internal static class CheckRequest
{
    /// <summary>Adds what is wrong, by field, each a sentence.</summary>
    public static void Into(Dictionary<string, string> wrong, object request)
    {
        foreach (var parameter in request.GetType().GetConstructors()[0].GetParameters())
        {
            var value = request.GetType().GetProperty(parameter.Name!)!.GetValue(request);
            foreach (var rule in parameter.GetCustomAttributes(typeof(ValidationAttribute), inherit: false).Cast<ValidationAttribute>())
                if (!rule.IsValid(value)) wrong[parameter.Name!] = Sentence(rule.FormatErrorMessage(parameter.Name!));
        }
    }

    // A rule of ours is a sentence; .NET's is told in ours.
    private static string Sentence(string said) => RuleWords.Of(said) is var words && char.IsLower(words[0]) ? $"It {words}." : said;
}
