using Tender.JourneyTests.Checkout;

namespace Tender.JourneyTests.PaidAccess;

/// <summary>The tests of paid access share one installation and one browser, and take turns: some of them tell the provider to misbehave.</summary>
[CollectionDefinition(nameof(OneAccessSite))]
public sealed class OneAccessSite : ICollectionFixture<HostedSite>;
