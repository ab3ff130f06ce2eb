namespace Tender.Domain;

/// <summary>A rule of money was about to be broken: always a bug, never an expected outcome.</summary>
public sealed class BrokenRuleException(string message) : InvalidOperationException(message);
