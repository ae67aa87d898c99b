internal import FerryCore
internal import FerryEvidence
internal import FerrySite
internal import FuzzLoop

/// The input is a site file. What is accepted means the same when it is written as JSON and read again, and names nothing that
/// cannot be; what is refused is told with a line.
@main struct FuzzSite {
    static func main() {
        FuzzLoop.run(seeds: SiteSeeds.all) { input in
            let text = String(decoding: input, as: UTF8.self)
            do throws(FerryError) {
                let site = try Site(parsing: text, from: "site.yaml")
                check(site)
                let again = SiteText.text(of: site)
                guard let read = try? Site(parsing: again, from: "again") else { preconditionFailure(again) }
                precondition(read == site, again)
            } catch {
                precondition(error.code == .site && error.cause.hasPrefix("site.yaml:"), error.cause)
            }
        }
    }

    private static func check(_ site: Site) {
        precondition(site.suspect.port > 0 && !site.suspect.host.isEmpty)
        precondition(Set(site.vantages.map(\.name)).count == site.vantages.count)
        let names = Set(site.vantages.map(\.name))
        precondition(site.sourceAddresses.allSatisfy { $0.via.map(names.contains) ?? true })
        precondition(site.budget.minutes > 0 && site.budget.minutes <= 1440)
        precondition((0...10000).contains(site.budget.suspectConnects))
        precondition(site.path.allSatisfy { !$0.unicodeScalars.contains { $0.value < 0x20 } })
    }
}
