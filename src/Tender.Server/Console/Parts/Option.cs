namespace Tender.Server.Console.Parts;

/// <summary>One thing to choose: what is sent, and what is read.</summary>
public sealed record Option(string Value, string Word);
