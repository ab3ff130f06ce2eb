using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;

namespace Tender.Server.Console.Parts;

/// <summary>Draws its content after the parts before it have been set up: a table needs its columns first.</summary>
public sealed class Later : ComponentBase
{
    /// <summary>What is drawn later.</summary>
    [Parameter] public RenderFragment? ChildContent { get; set; }

    protected override void BuildRenderTree(RenderTreeBuilder builder) => builder.AddContent(0, ChildContent);
}
