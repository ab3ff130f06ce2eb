using System.Text.Json;
using Tender.Server.Members;
using Tender.Server.Tenancy;

namespace Tender.Server.Audit;

/// <summary>Who did what: one line in the audit, written in the transaction of what was done.</summary>
internal static class RecordAudit
{
    /// <param name="action">Noun and verb: connection.created.</param>
    /// <param name="subject">The id of what it was done to.</param>
    /// <param name="details">What a person needs to understand it later; never a secret, sealed or not.</param>
    public static Batch AddAudit(this Batch batch, Caller caller, string action, string subject, object? details = null) =>
        batch.AddAudit(caller.Actor, action, subject, details);

    /// <summary>For what Tender itself did, or somebody who is no caller: the command line.</summary>
    public static Batch AddAudit(this Batch batch, string actor, string action, string subject, object? details = null) =>
        batch.Add("select record_audit(@Actor, @Action, @Subject, @Details::jsonb)", new
        {
            Actor = actor,
            Action = action,
            Subject = subject,
            Details = JsonSerializer.Serialize(details ?? new { }, JsonSerializerOptions.Web),
        });
}
