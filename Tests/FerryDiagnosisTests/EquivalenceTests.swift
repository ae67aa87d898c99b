import FerryEvidence
import Testing

@testable import FerryDiagnosis

/// When a set of causes is answered instead of one.
@Suite struct EquivalenceTests {
    /// A belief in which the leading remedy has about `share`.
    private func belief(_ share: Double) throws -> Belief {
        let silent = Contact(from: .sourceHost, vantage: 0, by: .failing, to: .suspectHost, port: .suspect)
        let otherCloud = Contact(from: .sourceHost, vantage: 0, by: .failing, to: .otherCloud(0), port: .suspect)
        let otherPort = Contact(from: .sourceHost, vantage: 0, by: .failing, to: .suspectHost, port: .alternate(8702))
        let elsewhere = Contact(from: .otherPublic, vantage: 3, by: .outside(3), to: .suspectHost, port: .suspect)
        var low = 0.0
        var high = 8.0
        for _ in 0..<40 {
            let weight = (low + high) / 2
            var belief = Belief(.cautious)
            belief.take(.outcome(silent, .synTimeout), in: Scene())
            belief.take(.requestSeen(silent, .synTimeout, at: .sourceEgress, true), in: Scene())
            for contact in [otherCloud, otherPort, elsewhere] { belief.take(.outcome(contact, .ok), in: Scene()) }
            belief.take(.providerRecord(.blocksKey), in: Scene(), weight: weight)
            let top = try #require(belief.shares(\.remedy).first)
            if abs(top.share - share) < 0.005, top.key == .askCloudToAllowlist { return belief }
            if top.share < share || top.key != .askCloudToAllowlist { low = weight } else { high = weight }
        }
        Issue.record("no weight gives \(share)")
        return Belief(.cautious)
    }

    @Test func theBarIsWhatIsTakenForClear() throws {
        let belief = try belief(0.74)
        #expect(Equivalence(belief, bar: 0.72) == nil)
        let set = try #require(Equivalence(belief, bar: 0.9))
        #expect(set.causes.first == .antiAbuseBlock && set.causes.count >= 2)
    }

    @Test func aBlockOfTheSourceAddressIsNotNamedLightlyWhereNoOtherAddressCanBeTried() async throws {
        let truth = try EngineTests.hypothesis(.antiAbuseBlock, [.sourceAddress, .destinationPort], .drop)
        var single = EngineTests.site
        single.vantages.removeAll { ["neighbour", "edge"].contains($0.name) }
        single.sourceAddresses = []
        let alone = await EngineTests.diagnose(truth, tier: 2, seed: 2, site: single)
        let beside = await EngineTests.diagnose(truth, tier: 2, seed: 2)
        let isOfSource = alone.belief.likeliest()?.selector.contains(.sourceAddress) ?? false
        #expect(isOfSource)
        #expect(alone.bar > beside.bar)
    }

    @Test func whatWouldPartASetIsNotWhatIsGrantedAlreadyAndPartsIt() throws {
        let block = try EngineTests.hypothesis(.antiAbuseBlock, [.sourceAddress, .destinationPort], .drop)
        let group = try EngineTests.hypothesis(.securityGroup, .destinationPort, .drop)
        let policer = try #require(FaultTable.hypotheses().map(\.0).first { $0.cause == .policer && $0.second == nil })
        let cap = try EngineTests.hypothesis(.scrubbingCap, .destinationAddress, .rate)
        func text(_ members: [Hypothesis], _ change: (inout Site) -> Void) -> String {
            var site = EngineTests.site
            change(&site)
            return Separator(view: SiteView(site, tier: 2), members: members).text
        }
        #expect(text([block, group]) { $0.sourceAddresses = [] }.contains("second source address"))
        #expect(text([policer, cap]) { $0.sourceAddresses = [] }.contains("provider's block"))
        #expect(text([policer, cap]) { $0.otherDestinations = [] }.contains("another cloud"))
        #expect(text([policer, policer]) { $0.sourceAddresses = [] }.contains("nothing more"))
    }
}
