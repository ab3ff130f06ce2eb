namespace Tender.Server.Members;

/// <summary>Which callers a route serves. A route without one is refused, and fails a test.</summary>
/// <param name="Serves">Any one of these is enough. With nothing but <see cref="Callers.Public"/> nobody is looked up.</param>
internal sealed record CallerRule(Callers Serves)
{
    /// <summary>The rule of a route or a page; null when it declares none.</summary>
    public static CallerRule? Of(Endpoint endpoint) =>
        endpoint.Metadata.GetMetadata<CallerRule>() ?? endpoint.Metadata.GetMetadata<CallableByAttribute>()?.Rule;
}

/// <summary>Says which callers a page serves: <c>@attribute [CallableBy(Callers.Viewer)]</c>.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class CallableByAttribute(Callers callers) : Attribute
{
    public Callers Callers => callers;

    public CallerRule Rule { get; } = new(callers);
}

/// <summary>Declares the callers of routes.</summary>
internal static class CallerRules
{
    /// <summary>Says which callers the route serves. Higher roles include the lower ones.</summary>
    internal static TBuilder CallableBy<TBuilder>(this TBuilder endpoint, Callers callers)
        where TBuilder : IEndpointConventionBuilder
    {
        var rule = new CallerRule(callers);
        endpoint.Add(e => e.Metadata.Add(rule));
        return endpoint;
    }
}
