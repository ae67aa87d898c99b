/// Something that brings a disk from the source server to the staging server: Ferry or a peer.
protocol Mover: AnyObject {
    /// As on the command line.
    var name: String { get }
    /// How it is run, in the words of a table's footnote.
    var title: String { get }
    /// When its copies are right.
    var rule: ImageComparison.Rule { get }
    /// Why it cannot run here; nil if it can.
    var obstacle: String? { get }

    /// Brings both servers, which are empty, into the state that `task` begins with.
    func prepare(_ task: CopyTask) throws(BenchmarkError)

    /// Copies the disk of `task`, and says what that cost.
    func copy(_ task: CopyTask) throws(BenchmarkError) -> CopyResult
}

/// What is to be copied, and what is already there.
struct CopyTask {
    enum Scene {
        /// Nothing is there.
        case first
        /// The same disk as it was earlier is there.
        case delta
        /// Another server's disk is there.
        case sister
    }

    var scene: Scene
    var workloads: Workloads
    var servers: TwoServers
    /// Seconds after which everything is ended.
    var limit: Double

    var disk: WorkloadDisk {
        switch scene {
        case .first: workloads.first
        case .delta: workloads.later
        case .sister: workloads.sister
        }
    }
}

/// What a copy cost, and where it is.
struct CopyResult {
    var measurement: Measurement
    var copy: String
    /// What else is known; every name ends with its unit.
    var figures: [String: Double] = [:]
}

extension Mover {
    /// What is missing of `tools`, as an obstacle.
    func missing(_ tools: String...) -> String? {
        let missing = tools.filter { Tool.path(of: $0) == nil }
        return missing.isEmpty ? nil : "not installed: \(missing.joined(separator: ", "))"
    }
}
