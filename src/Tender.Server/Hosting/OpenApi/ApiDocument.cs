using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using Tender.Server.Hosting.OpenApi.Docs;

namespace Tender.Server.Hosting.OpenApi;

/// <summary>The API's description: made when it is first asked for, and then kept, since routes do not change while the server runs.</summary>
internal sealed class ApiDocument(IServiceProvider services)
{
    public const string Name = "v1";

    private readonly Lazy<Task<Made>> made = new(() => MakeAsync(services));
    private ApiReference? reference;

    /// <summary>The document as JSON, with its ETag.</summary>
    public Task<Made> GetAsync() => made.Value;

    /// <summary>The document for people.</summary>
    public async Task<ApiReference> ReferenceAsync(Uri address)
    {
        if (reference is { } known) return known;
        using var json = JsonDocument.Parse((await made.Value).Json);
        return reference = ApiReference.Of(json.RootElement, address);
    }

    private static async Task<Made> MakeAsync(IServiceProvider services)
    {
        var document = await services.GetRequiredKeyedService<IOpenApiDocumentProvider>(Name).GetOpenApiDocumentAsync(CancellationToken.None);
        var text = await document.SerializeAsJsonAsync(OpenApiSpecVersion.OpenApi3_1, CancellationToken.None);
        var json = Encoding.UTF8.GetBytes(text.ReplaceLineEndings("\n") + "\n");
        return new(json, $"\"{Convert.ToHexStringLower(SHA256.HashData(json))[..32]}\"");
    }

    /// <param name="Json">UTF-8, indented, in a fixed order.</param>
    internal sealed record Made(byte[] Json, string Tag);
}
