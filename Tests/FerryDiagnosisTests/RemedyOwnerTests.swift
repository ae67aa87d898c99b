import Testing

@testable import FerryDiagnosis

@Suite struct RemedyOwnerTests {
    @Test(arguments: [
        (Locus.sourceFirewall, "customer-network"), (.carrier, "carrier"), (.cloudEdge, "cloud"),
        (.service, "staging-owner"),
    ])
    func deviceInTheWayIsItsNetworksOwn(locus: Locus, owner: String) {
        #expect(Remedy.bypassMiddlebox.owner(at: locus) == owner)
        #expect(Remedy.fixRoute.owner(at: locus) == owner)
        #expect(Remedy.startService.owner(at: locus) == "staging-owner")
    }
}
