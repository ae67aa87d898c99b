internal import FerryEvidence

/// What would part causes that cannot be told apart: the cheapest thing that is not granted, and of which they predict different
/// things.
struct Separator {
    let view: SiteView
    /// One hypothesis for each cause.
    let members: [Hypothesis]

    /// A sentence's part.
    var text: String {
        let missing = grants.filter { !$0.isGranted }
        return missing.first { isParted($0.by) }?.text
            ?? "nothing more that a site file can grant: ask the owners of both for what their devices have counted"
    }

    private struct Grant {
        let text: String
        let isGranted: Bool
        /// What it shows of a hypothesis: different for some of them, or it parts nothing.
        let by: (Hypothesis) -> Int
    }

    /// The cheapest first.
    private var grants: [Grant] {
        let site = view.site
        return [
            Grant(
                text: "a service at the suspect's host that works (controls): it shows whether it is about the port",
                isGranted: site.controls.contains { view.destination($0.host) == .suspectHost },
                by: { $0.selector.contains(.destinationPort) ? 1 : 0 }
            ),
            Grant(
                text:
                    "leave to keep silent for some minutes (allow: silence): limits of rate give way to it, blocks do not",
                isGranted: site.allow.contains(.silence),
                by: { $0.trigger == .connectionRate && $0.memory == .none ? 1 : 0 }
            ),
            Grant(
                text: "leave to send at full rate (allow: rate-test): it shows what is lost, and from which rate on",
                isGranted: site.allow.contains(.rateTest),
                by: { [.rate, .loss].contains($0.mechanism) ? 1 : 0 }
            ),
            Grant(
                text:
                    "a capture on the staging server (a vantage there, tier 2): it shows whether requests arrive, and who ends connections",
                isGranted: !view.vantages(at: .service).isEmpty,
                by: { $0.locus >= .service ? 1 : $0.mechanism == .drop ? 0 : 2 }
            ),
            Grant(
                text: "a destination in another cloud at the same port: it parts the carrier from the cloud",
                isGranted: site.otherDestinations.contains { $0.relation == .otherCloud },
                by: { $0.locus >= .cloudEdge ? 1 : 0 }
            ),
            Grant(
                text: "a second source address of the site: it shows whether the block is about the address",
                isGranted: !site.sourceAddresses.isEmpty && site.allow.contains(.sourceAddressSwap),
                by: { $0.selector.contains(.sourceAddress) ? 1 : 0 }
            ),
            Grant(
                text: "a vantage at the customer's outermost device: it shows whether requests leave the site",
                isGranted: !view.vantages(at: .sourceEgress).isEmpty,
                by: { $0.locus > .sourceEgress ? 1 : 0 }
            ),
            Grant(
                text: "a vantage in the cloud's region: it parts the cloud's edge from its network",
                isGranted: !view.vantages(at: .cloudNetwork).isEmpty,
                by: { $0.locus >= .cloudNetwork ? 1 : 0 }
            ),
            Grant(
                text: "the provider's block and scrubbing records (tier 3)",
                isGranted: view.tier >= 3 && site.providerRecords != nil,
                by: { hypothesis in
                    let known: [Cause] = [.antiAbuseBlock, .sourceAddressBlock, .scrubbingCap, .destinationBlackHole]
                    return known.firstIndex(of: hypothesis.cause).map { $0 + 1 } ?? 0
                }
            ),
        ]
    }

    private func isParted(_ by: (Hypothesis) -> Int) -> Bool { Set(members.map(by)).count > 1 }
}
