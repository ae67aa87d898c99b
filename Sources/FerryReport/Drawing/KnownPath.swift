internal import FerryEvidence

/// The path from the source server to the service as boxes, with the operator's own names in them.
struct KnownPath {
    /// The boxes, in order. The application is drawn within its host.
    static let places: [Site.Position] = [
        .sourceHost, .sourceLAN, .sourceFirewall, .sourceEgress, .carrier, .transit, .cloudEdge, .cloudNetwork,
        .service,
    ]

    /// What the operator has written, at the place that it seems to be.
    var names: [Site.Position: [String]] = [:]
    /// Places that the verdict marks.
    var marked: Set<Site.Position> = []

    init(_ path: [String], loci: [String]) {
        // The names are in order, and so are the places: one that says nothing about its place is where the one before was, and
        // none is beyond a later one.
        let found = path.map(KnownPath.place)
        var place = 0
        for (index, name) in path.enumerated() {
            let limit = found[index...].compactMap(\.self).min() ?? place
            place = max(place, min(found[index] ?? place, limit))
            names[KnownPath.places[place], default: []].append(name)
        }
        marked = Set(loci.compactMap { $0 == "application" ? .sourceHost : Site.Position(rawValue: $0) })
    }

    /// The box of a place; whatever is somewhere else on the Internet is between the carriers.
    static func index(of position: Site.Position) -> Int {
        switch position {
        case .application: 0
        case .otherPublic: index(of: .transit)
        default: places.firstIndex(of: position) ?? 0
        }
    }

    private static let words: [(words: [String], place: Site.Position)] = [
        (
            ["cloud-network", "cloud network", "security-group", "security group", "slb", "vpc", "安全组", "云内"],
            .cloudNetwork
        ),
        (["ecs", "staging", "service", "中转"], .service),
        (["cloud", "云"], .cloudEdge),
        (["carrier", "isp", "mobile", "unicom", "telecom", "运营商", "联通", "移动", "电信"], .carrier),
        (["transit", "backbone", "internet", "骨干", "互联网"], .transit),
        (
            ["snat", "nat", "balanc", "edge", "switch", "egress", "ddos", "clean", "出口", "负载", "清洗", "交换机"],
            .sourceEgress
        ),
        (["firewall", "fw", "防火墙"], .sourceFirewall),
        (["lan", "内网", "局域网"], .sourceLAN),
    ]

    private static func place(of name: String) -> Int? {
        let name = name.lowercased()
        return words.first { $0.words.contains { name.contains($0) } }.map { index(of: $0.place) }
    }
}
