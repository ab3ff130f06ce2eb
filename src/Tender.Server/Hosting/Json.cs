using System.Text.Json;

namespace Tender.Server.Hosting;

/// <summary>Our JSON: camelCase, as on the wire, in the event log and in stored answers.</summary>
internal static class Json
{
    public static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web);
}
