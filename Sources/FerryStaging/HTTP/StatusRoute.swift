/// What can be asked of the HTTP service.
enum StatusRoute: Sendable, Hashable {
    case health
    case metrics
    case volumes
    /// The volume named `JOB/DISK`.
    case volume(String)
    case sessions

    /// The route of a request's target; nil if there is none.
    init?(target: String) {
        let path = target.prefix { $0 != "?" && $0 != "#" }
        guard path.first == "/" else { return nil }
        let parts = path.dropFirst().split(separator: "/", omittingEmptySubsequences: false)
        switch parts.count {
        case 1 where parts[0] == "health": self = .health
        case 1 where parts[0] == "metrics": self = .metrics
        case 1 where parts[0] == "volumes": self = .volumes
        case 1 where parts[0] == "sessions": self = .sessions
        // The characters that a name may have are those that stand for themselves in a path.
        case 3 where parts[0] == "volumes" && !parts[1].isEmpty && !parts[2].isEmpty:
            self = .volume("\(parts[1])/\(parts[2])")
        default: return nil
        }
    }

    /// Whether the answer needs to know what goes on at the moment.
    var isAboutSessions: Bool { self == .metrics || self == .sessions }
}
