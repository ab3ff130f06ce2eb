using System.CommandLine;
using Tender.Server.Hosting;

namespace Tender.Server.Commands;

/// <summary>tender settings: what can be set, as .env.example and the documentation show it.</summary>
internal static class ShowSettings
{
    public static Command Verb()
    {
        var markdown = new Option<bool>("--markdown") { Description = "As the page docs/operating/settings.md." };
        var verb = new Command("settings", "Prints every setting, with its meaning and default, as a .env file.") { markdown };
        verb.SetAction(words => System.Console.Out.Write(words.GetValue(markdown) ? SettingsList.AsMarkdown() : SettingsList.AsDotEnv()));
        return verb;
    }
}
