using static Tender.Simulators.Stripe.Cards.Challenge;

namespace Tender.Simulators.Stripe.Cards;

/// <summary>The test cards and accounts of docs.stripe.com/testing (read 2026-11) that this simulator acts out.</summary>
internal static class TestBook
{
    private static readonly Decline Generic = Declined("generic_decline");
    private static readonly Decline NoFunds = new("card_declined", "insufficient_funds", "Your card has insufficient funds.");

    public static readonly IReadOnlyList<TestMethod> Methods =
    [
        Card("4242424242424242", "pm_card_visa", "visa"),
        Card("5555555555554444", "pm_card_mastercard", "mastercard"),
        Card("378282246310005", "pm_card_amex", "amex"),
        Card("6011111111111117", "pm_card_discover", "discover"),
        Card("3566002020360505", "pm_card_jcb", "jcb"),
        Card("6200000000000005", "pm_card_unionpay", "unionpay"),

        Card("4000000000000002", "pm_card_visa_chargeDeclined") with { Decline = Generic },
        Card("4000000000009995", "pm_card_visa_chargeDeclinedInsufficientFunds") with { Decline = NoFunds },
        Card("4000000000009987", "pm_card_visa_chargeDeclinedLostCard") with { Decline = Declined("lost_card", "do_not_try_again") },
        Card("4000000000009979", "pm_card_visa_chargeDeclinedStolenCard") with { Decline = Declined("stolen_card", "do_not_try_again") },
        Card("4000000000000069", "pm_card_chargeDeclinedExpiredCard") with { Decline = new("expired_card", null, "Your card has expired.", "do_not_try_again") },
        Card("4000000000000127", "pm_card_chargeDeclinedIncorrectCvc") with { Decline = new("incorrect_cvc", null, "Your card's security code is incorrect.", "confirm_card_data") },
        Card("4000000000000119", "pm_card_chargeDeclinedProcessingError") with
        {
            Decline = new("processing_error", null, "An error occurred while processing your card. Try again in a little bit."),
        },
        Card("4000000000006975", "pm_card_visa_chargeDeclinedVelocityLimitExceeded") with { Decline = Declined("card_velocity_exceeded") },
        Card("4000000000000341", "pm_card_chargeCustomerFail") with { Decline = Generic },

        Card("4000002500003155", "pm_card_authenticationRequiredOnSetup") with { Challenge = ThreeDSecure },
        Card("4000002760003184", "pm_card_authenticationRequired") with { Challenge = ThreeDSecure },
        Card("4000000000003220", "pm_card_threeDSecure2Required") with { Challenge = ThreeDSecure },
        Card("4000000000003055", "pm_card_threeDSecureOptional"),
        Card("4000008400001629", "pm_card_threeDSecureRequiredChargeDeclined") with { Challenge = ThreeDSecure, DeclineAfterChallenge = Generic },
        Card("4000008260003178", "pm_card_authenticationRequiredChargeDeclinedInsufficientFunds") with { Challenge = ThreeDSecure, DeclineAfterChallenge = NoFunds },

        Card("4000000000000259", "pm_card_createDispute") with { Dispute = DisputeKind.Fraudulent },
        Card("4000000000002685", "pm_card_createDisputeProductNotReceived") with { Dispute = DisputeKind.NotReceived },
        Card("4000000000001976", "pm_card_createDisputeInquiry") with { Dispute = DisputeKind.Inquiry },

        Card("4000000000007726", "pm_card_pendingRefund") with { Refund = RefundCourse.PendingThenSucceeds },
        Card("4000000000005126", "pm_card_refundFail") with { Refund = RefundCourse.SucceedsThenFails },

        new("us_bank_account", "000123456789", "pm_usBankAccount", "STRIPE TEST BANK") { Settlement = Settlement.LateAndGood },
        new("us_bank_account", "000222222227", "pm_usBankAccount_insufficientFunds", "STRIPE TEST BANK") { Settlement = Settlement.LateAndBad },
        new("us_bank_account", "000000000009", "pm_usBankAccount_processing", "STRIPE TEST BANK") { Settlement = Settlement.OnCommand },
        new("ideal", "", "pm_ideal", "ing") { Challenge = BankPage },
    ];

    private static readonly Dictionary<string, TestMethod> ByNumber = Methods.Where(method => method.Number.Length > 0).ToDictionary(method => method.Number);
    private static readonly Dictionary<string, TestMethod> ByToken = Methods.ToDictionary(method => method.Token!);

    public static TestMethod? WithNumber(string number) => ByNumber.GetValueOrDefault(number);

    public static TestMethod? WithToken(string token) => ByToken.GetValueOrDefault(token);

    private static TestMethod Card(string number, string token, string brand = "visa") => new("card", number, token, brand);

    private static Decline Declined(string why, string advice = "try_again_later") => new("card_declined", why, "Your card was declined.", advice);
}
