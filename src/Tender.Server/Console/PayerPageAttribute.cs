namespace Tender.Server.Console;

/// <summary>Marks a page that payers see: <c>@attribute [PayerPage]</c> beside <c>@layout PayerLayout</c>.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class PayerPageAttribute : Attribute;
