using System.Reflection;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Tender.Server.Hosting.OpenApi;

/// <summary>
/// Makes schemas say what <see cref="RequestJson"/> does: what a body must bring is what the record's declaration says, an id may be
/// a number; an answer has all its members, and null only where the record says so.
/// </summary>
internal sealed class DescribeSchema : IOpenApiSchemaTransformer
{
    private HashSet<Type>? bodies;

    public Task TransformAsync(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellationToken)
    {
        DescribeText(schema, context.JsonTypeInfo);
        bodies ??= BodiesOf(context.ApplicationServices.GetRequiredService<EndpointDataSource>());
        if (context.JsonPropertyInfo is { } property) Describe(schema, property, isBody: bodies.Contains(property.DeclaringType));
        if (context.JsonTypeInfo is { Kind: JsonTypeInfoKind.Object } type && IsOurs(type.Type)) schema.Required = RequiredOf(type, bodies.Contains(type.Type));
        return Task.CompletedTask;
    }

    // Text is read by a converter of ours, which the exporter cannot look into.
    private static void DescribeText(OpenApiSchema schema, JsonTypeInfo type)
    {
        if (type.Type == typeof(string)) schema.Type ??= JsonSchemaType.String;
        if (type.ElementType != typeof(string)) return;
        if (type.Kind is JsonTypeInfoKind.Enumerable) schema.Items = new OpenApiSchema { Type = JsonSchemaType.String };
        if (type.Kind is JsonTypeInfoKind.Dictionary) schema.AdditionalProperties = new OpenApiSchema { Type = JsonSchemaType.String };
    }

    private static HashSet<string> RequiredOf(JsonTypeInfo type, bool isBody) =>
        [.. type.Properties.Where(property => isBody ? property.IsRequired : !MayBeLeftOut(property)).Select(property => property.Name)];

    private static bool MayBeLeftOut(JsonPropertyInfo property) =>
        property.AttributeProvider?.GetCustomAttributes(typeof(JsonIgnoreAttribute), inherit: false) is [JsonIgnoreAttribute { Condition: JsonIgnoreCondition.WhenWritingNull }];

    private static void Describe(OpenApiSchema schema, JsonPropertyInfo property, bool isBody)
    {
        if (property.PropertyType == typeof(string) && property.CustomConverter is not null)
            schema.Type = isBody ? JsonSchemaType.String | JsonSchemaType.Integer : JsonSchemaType.String;
        if (schema.Type is { } type && property.AttributeProvider is PropertyInfo declared)
            schema.Type = IsNullable(declared, property, isBody) ? type | JsonSchemaType.Null : type & ~JsonSchemaType.Null;

        var parameter = property.AttributeProvider is PropertyInfo { DeclaringType: { } record, Name: var name }
            ? record.GetConstructors().SelectMany(constructor => constructor.GetParameters()).FirstOrDefault(p => p.Name == name)
            : null;
        if (parameter is { HasDefaultValue: true, DefaultValue: { } value } && isBody) schema.Default = System.Text.Json.JsonSerializer.SerializeToNode(value);
        foreach (var rule in (parameter?.GetCustomAttributes() ?? []).Concat(property.AttributeProvider?.GetCustomAttributes(inherit: false).OfType<Attribute>() ?? [])) SchemaRules.Apply(rule, schema);
    }

    private static bool IsNullable(PropertyInfo declared, JsonPropertyInfo property, bool isBody) =>
        Nullable.GetUnderlyingType(declared.PropertyType) is not null
        || (!declared.PropertyType.IsValueType && !(!isBody && MayBeLeftOut(property)) && new NullabilityInfoContext().Create(declared).ReadState is NullabilityState.Nullable);

    private static HashSet<Type> BodiesOf(EndpointDataSource routes)
    {
        var found = new HashSet<Type>();
        foreach (var route in routes.Endpoints)
        {
            if (route.Metadata.GetMetadata<IAcceptsMetadata>()?.RequestType is { } type) Add(type, found);
        }

        return found;
    }

    private static void Add(Type type, HashSet<Type> found)
    {
        foreach (var inner in type.GetGenericArguments()) Add(inner, found);
        if (!IsOurs(type) || !found.Add(type)) return;
        foreach (var property in type.GetProperties()) Add(property.PropertyType, found);
    }

    private static bool IsOurs(Type type) => type.Namespace?.StartsWith("Tender.", StringComparison.Ordinal) is true;
}
