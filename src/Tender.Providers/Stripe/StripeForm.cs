using System.Globalization;
using System.Net.Http.Headers;
using System.Text;

namespace Tender.Providers.Stripe;

/// <summary>Stripe's request encoding: form fields with brackets, a[b][c]=v. The same text serves as a body and as a query.</summary>
internal sealed class StripeForm
{
    private static readonly MediaTypeHeaderValue FormType = new("application/x-www-form-urlencoded");

    private readonly StringBuilder text = new(512);

    /// <summary>Adds a field; a missing value is left out.</summary>
    /// <param name="name">With its brackets, as Stripe writes it.</param>
    public StripeForm Add(string name, string? value)
    {
        if (value is null) return this;

        Separate().Append(name).Append('=').Append(Uri.EscapeDataString(value));
        return this;
    }

    public StripeForm Add(string name, long value)
    {
        Separate().Append(name).Append('=').Append(CultureInfo.InvariantCulture, $"{value}");
        return this;
    }

    public StripeForm Add(string name, bool value) => Add(name, value ? "true" : "false");

    public StripeForm Add(string name, DateTimeOffset value) => Add(name, value.ToUnixTimeSeconds());

    public ByteArrayContent AsBody() => new(Encoding.ASCII.GetBytes(text.ToString())) { Headers = { ContentType = FormType } };

    public override string ToString() => text.ToString();

    private StringBuilder Separate() => text.Length > 0 ? text.Append('&') : text;
}
