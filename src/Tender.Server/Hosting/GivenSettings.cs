using System.Buffers.Text;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Tender.Domain.Providers;

namespace Tender.Server.Hosting;

/// <summary>The values as they were given; each reading either answers with a typed value or says in one sentence what is wrong with it.</summary>
internal sealed class GivenSettings(IReadOnlyDictionary<string, string> environment, IReadOnlyDictionary<string, string> dotEnv)
{
    // A name that begins like one of ours is a misspelt one of ours; other names in the environment are not our business.
    private static readonly string[] OurPrefixes = ["TENDER_", "STRIPE_", "SMTP_"];

    public void RefuseUnknown()
    {
        foreach (var name in dotEnv.Keys.Concat(environment.Keys.Where(n => OurPrefixes.Any(prefix => n.StartsWith(prefix, StringComparison.Ordinal)))))
        {
            if (SettingsList.All.Any(setting => setting.Name == name)) continue;
            var where = dotEnv.ContainsKey(name) ? "in .env" : "in the environment";
            var advice = Closest(name) is { } close ? $"did you mean {close}?" : "docs/operating/settings.md lists them.";
            throw new CannotStartException($"{name} {where} is not a setting of Tender; {advice}");
        }
    }

    /// <summary>Null when it is not given, or given empty.</summary>
    public string? Text(string name)
    {
        var value = environment.GetValueOrDefault(name) ?? dotEnv.GetValueOrDefault(name);
        return string.IsNullOrWhiteSpace(value) ? null : value.Trim();
    }

    public int? Number(string name, int least, int most)
    {
        if (Text(name) is not { } text) return null;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? number
            : throw Bad(name, $"is \"{text}\"; it must be a whole number from {least} to {most}");
    }

    public Uri? Url(string name, params string[] schemes)
    {
        if (Text(name) is not { } text) return null;
        // The value may carry a password, so that it is not repeated.
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || !schemes.Contains(url.Scheme) || url.Host.Length is 0) throw Bad(name, $"must be a URL that begins with {string.Join(" or ", schemes.Select(s => s + "://"))}");
        if (url.Query.Length > 0 || url.Fragment.Length > 0) throw Bad(name, "must be a URL without ? and #");
        return url;
    }

    public Secret? Secret(string name, int bytesMin)
    {
        if (Text(name) is not { } text) return null;
        var bytes = Encoding.UTF8.GetByteCount(text);
        return bytes >= bytesMin ? new(text) : throw Bad(name, $"has {bytes} bytes; it must have at least {bytesMin}, for example from: openssl rand -hex 32");
    }

    public Secret? Base64Key(string name, int bytes)
    {
        if (Text(name) is not { } text) return null;
        return Base64.IsValid(text, out var length) && length == bytes ? new(text) : throw Bad(name, $"must be {bytes} bytes in base64, for example from: openssl rand -base64 {bytes}");
    }

    public string? MailAddress(string name)
    {
        if (Text(name) is not { } text) return null;
        return System.Net.Mail.MailAddress.TryCreate(text, out _) ? text : throw Bad(name, $"is \"{text}\"; it must be a mail address such as payments@example.com");
    }

    public string? Matching(string name, string pattern, string what)
    {
        if (Text(name) is not { } text) return null;
        return Regex.IsMatch(text, pattern, RegexOptions.CultureInvariant) ? text : throw Bad(name, $"must be {what}");
    }

    public IReadOnlyList<string> EachMatching(string name, string pattern, string what)
    {
        var texts = (Text(name) ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return texts.All(text => Regex.IsMatch(text, pattern, RegexOptions.CultureInvariant)) ? texts : throw Bad(name, $"must be {what}");
    }

    /// <summary>Addresses and networks, an address as the network of itself alone.</summary>
    public IReadOnlyList<IPNetwork> Networks(string name) =>
        [.. (Text(name) ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(text => Network(text) ?? throw Bad(name, $"has \"{text}\"; each must be an address such as 10.0.0.2 or a network such as 10.0.0.0/8"))];

    private static IPNetwork? Network(string text)
    {
        // .NET reads "10" as 0.0.0.10.
        if (text.Split('/')[0] is var host && !host.Contains(':', StringComparison.Ordinal) && host.Count(letter => letter is '.') is not 3) return null;
        if (IPAddress.TryParse(text, out var address)) return new(address, address.GetAddressBytes().Length * 8);
        // "10.0.0.1/8" may mean one address or all sixteen million: not guessed.
        return IPNetwork.TryParse(text, out var network) && network.BaseAddress.Equals(IPAddress.Parse(host)) ? network : null;
    }

    private static CannotStartException Bad(string name, string why) => new($"{name} {why}.");

    private static string? Closest(string name)
    {
        var (closest, distance) = SettingsList.All.Select(setting => (setting.Name, Distance: Distance(name, setting.Name))).MinBy(pair => pair.Distance);
        return distance <= Math.Max(2, name.Length / 3) ? closest : null;
    }

    // Levenshtein: how many letters must be added, dropped or changed.
    private static int Distance(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var change = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(change, Math.Min(row[j], row[j - 1]) + 1);
            }
        }
        return row[b.Length];
    }
}
