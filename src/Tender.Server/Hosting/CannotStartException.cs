namespace Tender.Server.Hosting;

/// <summary>Tender cannot start, for a reason the operator can mend. The message is one whole sentence, shown without a stack.</summary>
public sealed class CannotStartException : Exception
{
    /// <summary>Says why, and what to do.</summary>
    public CannotStartException(string sentence) : base(sentence) { }

    /// <summary>Says why, and what to do; keeps what happened below.</summary>
    public CannotStartException(string sentence, Exception inner) : base(sentence, inner) { }
}
