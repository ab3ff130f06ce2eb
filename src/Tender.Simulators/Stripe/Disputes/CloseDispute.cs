using Tender.Simulators.Stripe.Accounts;
using Tender.Simulators.Stripe.Wire;

namespace Tender.Simulators.Stripe.Disputes;

/// <summary>A dispute ends, by the bank's word, by the evidence given, or because the merchant gives up.</summary>
internal static class CloseDispute
{
    public static readonly Accepts AcceptsEvidence = Accepts.Of("evidence[*] metadata[*] submit");
    public static readonly Accepts AcceptsList = Accepts.Of($"payment_intent charge {StripeList.Parameters}");

    public static object One(StripeCall call) => call.Account.Disputes.Need(call.Id!);

    public static StripeList List(StripeCall call)
    {
        var (intent, charge) = (call.Form.Text("payment_intent"), call.Form.Text("charge"));
        return StripeList.Of("/v1/disputes", call.Account.Disputes, call.Form, dispute => (intent is null || dispute.PaymentIntent == intent) && (charge is null || dispute.Charge == charge));
    }

    /// <summary>POST /v1/disputes/{id}/close: the merchant accepts the loss.</summary>
    public static object GiveUp(StripeCall call)
    {
        var dispute = call.Account.Disputes.Need(call.Id!);
        CheckOpen(dispute);
        Run(call.Scene, dispute, isWon: false);
        return dispute;
    }

    /// <summary>POST /v1/disputes/{id}: evidence. Three magic texts decide at once, as in Stripe's test mode.</summary>
    public static object GiveEvidence(StripeCall call)
    {
        var (form, dispute) = (call.Form, call.Account.Disputes.Need(call.Id!));
        if (form.Has("metadata")) dispute.Metadata = form.Metadata(dispute.Metadata);
        if (form["evidence"] is not { } evidence) return dispute;

        CheckOpen(dispute);
        dispute.Evidence = evidence.Children.ToDictionary(pair => pair.Key, pair => pair.Value.Text ?? "");
        if (form.Flag("submit") is false) return dispute;

        dispute.EvidenceDetails = dispute.EvidenceDetails with { HasEvidence = true, SubmissionCount = dispute.EvidenceDetails.SubmissionCount + 1 };
        Judge(call.Scene, dispute, dispute.Evidence.GetValueOrDefault("uncategorized_text"));
        return dispute;
    }

    public static void Run(Scene scene, Dispute dispute, bool isWon)
    {
        var isInquiry = dispute.Status.StartsWith("warning_", StringComparison.Ordinal);
        dispute.Status = isInquiry ? "warning_closed" : isWon ? "won" : "lost";
        if (isWon && !isInquiry)
        {
            OpenDispute.Move(scene, dispute, dispute.Amount, fee: 0);
            scene.Account.Book.Write(scene, OpenDispute.About(scene, dispute) with { Kind = "dispute_won", Amount = dispute.Amount, From = "payer", To = "balance" });
            scene.Emit("charge.dispute.funds_reinstated", dispute);
        }

        scene.Emit("charge.dispute.closed", dispute);
    }

    public static bool IsOpen(Dispute dispute) => dispute.Status is not ("won" or "lost" or "warning_closed");

    private static void Judge(Scene scene, Dispute dispute, string? text)
    {
        switch (text)
        {
            case "winning_evidence":
                Run(scene, dispute, isWon: true);
                return;
            case "losing_evidence":
                Run(scene, dispute, isWon: false);
                return;
            case "escalate_inquiry_evidence" when dispute.Status.StartsWith("warning_", StringComparison.Ordinal):
                OpenDispute.Escalate(scene, dispute);
                return;
            default:
                dispute.Status = dispute.Status.StartsWith("warning_", StringComparison.Ordinal) ? "warning_under_review" : "under_review";
                scene.Emit("charge.dispute.updated", dispute);
                return;
        }
    }

    private static void CheckOpen(Dispute dispute)
    {
        if (!IsOpen(dispute)) throw StripeProblem.WrongState($"This dispute is already closed (its status is {dispute.Status}).", "status_transition_invalid");
    }
}
