using Npgsql;

namespace Tender.Server.Hosting;

/// <summary>Turns DATABASE_URL, as every PostgreSQL tool writes it, into what Npgsql reads.</summary>
internal static class DatabaseUrl
{
    private static readonly Dictionary<string, string> SslModes = new(StringComparer.Ordinal)
    {
        ["disable"] = "Disable",
        ["allow"] = "Allow",
        ["prefer"] = "Prefer",
        ["require"] = "Require",
        ["verify-ca"] = "VerifyCA",
        ["verify-full"] = "VerifyFull",
    };

    // libpq's names for what an operator may need; the rest of libpq's parameters have no counterpart here.
    private static readonly Dictionary<string, string> Parameters = new(StringComparer.Ordinal)
    {
        ["host"] = "Host",
        ["port"] = "Port",
        ["user"] = "Username",
        ["password"] = "Password",
        ["dbname"] = "Database",
        ["connect_timeout"] = "Timeout",
        ["application_name"] = "Application Name",
        ["options"] = "Options",
        ["sslrootcert"] = "Root Certificate",
        ["sslcert"] = "SSL Certificate",
        ["sslkey"] = "SSL Key",
        ["target_session_attrs"] = "Target Session Attributes",
        ["channel_binding"] = "Channel Binding",
    };

    /// <exception cref="CannotStartException">It is neither a URL nor a connection string. The sentence repeats no password.</exception>
    public static string ToConnectionString(string text)
    {
        var builder = text.StartsWith("postgres://", StringComparison.Ordinal) || text.StartsWith("postgresql://", StringComparison.Ordinal) ? FromUrl(text) : FromNpgsql(text);
        if (string.IsNullOrEmpty(builder.Host)) throw Bad("names no host");
        if (string.IsNullOrEmpty(builder.Database)) throw Bad("names no database, such as /tender at its end");
        return builder.ConnectionString;
    }

    private static NpgsqlConnectionStringBuilder FromUrl(string text)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url)) throw Bad("is not a URL: a user or password with special characters must be percent-encoded");
        var builder = new NpgsqlConnectionStringBuilder { Host = url.IdnHost, Database = Uri.UnescapeDataString(url.AbsolutePath.TrimStart('/')) };
        if (url.Port > 0) builder.Port = url.Port;
        var who = url.UserInfo.Split(':', 2);
        if (who[0].Length > 0) builder.Username = Uri.UnescapeDataString(who[0]);
        if (who.Length > 1) builder.Password = Uri.UnescapeDataString(who[1]);
        foreach (var (name, value) in Microsoft.AspNetCore.WebUtilities.QueryHelpers.ParseQuery(url.Query)) SetParameter(builder, name, $"{value}");
        return builder;
    }

    private static void SetParameter(NpgsqlConnectionStringBuilder builder, string name, string value)
    {
        var (key, wanted) = name is "sslmode"
            ? ("SSL Mode", SslModes.GetValueOrDefault(value) ?? throw Bad($"has sslmode={value}; it must be one of {string.Join(", ", SslModes.Keys)}"))
            : (Parameters.GetValueOrDefault(name) ?? throw Bad($"has the parameter {name}, which Tender does not know; it knows sslmode, {string.Join(", ", Parameters.Keys)}"), value);
        try
        {
            builder[key] = wanted;
        }
        catch (Exception e) when (e is ArgumentException or FormatException or OverflowException)
        {
            throw Bad($"has a value for {name} that cannot be used");
        }
    }

    private static NpgsqlConnectionStringBuilder FromNpgsql(string text)
    {
        try
        {
            return new(text);
        }
        catch (Exception e) when (e is ArgumentException or FormatException or OverflowException)
        {
            throw Bad("is neither a postgresql:// URL nor a connection string such as Host=db.example.com;Database=tender;Username=tender");
        }
    }

    private static CannotStartException Bad(string why) => new($"DATABASE_URL {why}.");
}
