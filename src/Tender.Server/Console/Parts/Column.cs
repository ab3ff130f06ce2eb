using Microsoft.AspNetCore.Components;

namespace Tender.Server.Console.Parts;

/// <summary>One column of a <see cref="DataTable{TItem}"/>: says how it looks, and is drawn by the table.</summary>
public sealed class Column<TItem> : ComponentBase
{
    /// <summary>The column's heading.</summary>
    [Parameter, EditorRequired] public required string Title { get; set; }

    /// <summary>One cell.</summary>
    [Parameter, EditorRequired] public required RenderFragment<TItem> ChildContent { get; set; }

    /// <summary>The <c>sort</c> key in the address; without it the column cannot be sorted by.</summary>
    [Parameter] public string? SortBy { get; set; }

    /// <summary>Numbers and times stand at the end.</summary>
    [Parameter] public bool End { get; set; }

    /// <summary>Takes the room that is left; what does not fit is cut with an ellipsis. For one column of words.</summary>
    [Parameter] public bool Fill { get; set; }

    /// <summary>Not shown on a phone.</summary>
    [Parameter] public bool Wide { get; set; }

    /// <summary>For words of payers and merchants, which may run from right to left.</summary>
    [Parameter] public bool Words { get; set; }

    [CascadingParameter] private DataTable<TItem> Table { get; set; } = null!;

    internal string? CssClass => string.Join(' ', new[] { End ? "end" : null, Fill ? "fill" : Words ? "clip" : null, Wide ? "wide" : null }.OfType<string>()) is { Length: > 0 } names ? names : null;

    protected override void OnInitialized() => Table.Add(this);
}
