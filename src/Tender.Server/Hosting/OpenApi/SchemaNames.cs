using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.OpenApi;

namespace Tender.Server.Hosting.OpenApi;

/// <summary>What records are called in the description: each use case has its own Request, so the use case's name goes before it.</summary>
internal static class SchemaNames
{
    private static readonly string[] SaysNothing = ["Endpoints", "Answers", "Slice"];

    /// <summary>Null where the schema stands in its place without a name.</summary>
    public static string? Of(JsonTypeInfo type) =>
        type.Type == typeof(JsonElement) || type.Type == typeof(Stream) || OpenApiOptions.CreateDefaultSchemaReferenceId(type) is not { } usual ? null
        : type.Type.IsGenericType && type.Type.GetGenericTypeDefinition() == typeof(Page<>) ? $"{Of(type.Type.GetGenericArguments()[0])}Page"
        : type.Type.IsNested ? Of(type.Type) : usual;

    private static string Of(Type type)
    {
        if (type.DeclaringType is not { } outer) return type.Name;
        var before = outer.Name;
        foreach (var word in SaysNothing)
        {
            if (before.EndsWith(word, StringComparison.Ordinal)) before = before[..^word.Length];
        }

        return type.Name.StartsWith(before, StringComparison.Ordinal) ? type.Name : before + type.Name;
    }
}
