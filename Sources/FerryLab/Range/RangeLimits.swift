internal import Foundation

/// What the machine allows a lab, and what one of so many nodes takes of it.
public struct RangeLimits: Sendable, Equatable {
    /// Network namespaces that this user may have; nil if the kernel does not say.
    public var namespaces: Int?
    /// Files that this process may open, after raising that as far as it may.
    public var files: Int

    /// Limits of these numbers.
    public init(namespaces: Int?, files: Int) {
        self.namespaces = namespaces
        self.files = files
    }

    /// A namespace takes one; programs of the lab, lines, services and pipes the rest.
    private static let filesBeside = 512

    /// Those of this machine. Raises the number of open files to what it may be: what is started later inherits that. Has to
    /// be asked outside the lab, where the kernel tells the user's limit and not that of the lab's own user namespace.
    public static func ofThisMachine() -> RangeLimits {
        let text = try? String(contentsOfFile: "/proc/sys/user/max_net_namespaces", encoding: .utf8)
        var limit = rlimit()
        getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        limit.rlim_cur = limit.rlim_max
        setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        return RangeLimits(
            namespaces: text.flatMap { Int($0.trimmingCharacters(in: .whitespacesAndNewlines)) },
            files: Int(clamping: limit.rlim_cur)
        )
    }

    /// What is too low for `nodes` nodes, each with how to raise it.
    public func missing(forNodes nodes: Int) -> [String] {
        var missing: [String] = []
        if let namespaces, namespaces < nodes + 1 {
            missing.append(
                "\(nodes + 1) network namespaces, and may have \(namespaces) "
                    + "(as root: sysctl user.max_net_namespaces=\(nodes + 1))"
            )
        }
        let wanted = nodes + RangeLimits.filesBeside
        if files < wanted {
            missing.append("\(wanted) open files, and may have \(files) (as root: ulimit -Hn \(wanted), in this shell)")
        }
        return missing
    }
}
