internal import FerryAddress
internal import FerryEvidence
internal import FerryResolver

/// Where the names of a site lead from here: one host that is called in two ways is asked as one. What is not found in time is
/// known by its name alone.
struct NameLook {
    /// By the names, as they are written; of addresses nothing.
    let addresses: [String: [String]]

    /// For all of them together: a person waits for it.
    private static let patience = Duration.seconds(2)

    init(of site: Site) {
        // The suspect comes first: the others are of use for what it is.
        let hosts = [site.suspect.host] + (site.otherDestinations + site.controls).map(\.host)
        let resolver = Resolver(.ofThisServer())
        let end = ContinuousClock.now + NameLook.patience
        var found: [String: [String]] = [:]
        for host in hosts where IPAddress(parsing: host) == nil && found[host] == nil {
            let left = end - .now
            guard left > .zero else { break }
            guard let led = try? resolver.addresses(of: host, within: left) else { continue }
            found[host] = led.map { "\($0)" }
        }
        addresses = found
    }
}
