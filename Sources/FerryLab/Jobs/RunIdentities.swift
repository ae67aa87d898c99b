public import FerryCore
internal import Foundation
internal import Synchronization

/// The identities of one run: an authority, a staging server, and an agent for each name that is asked for.
public final class RunIdentities: Sendable {
    /// The folder of the staging server's identity.
    public let staging: String
    private let programs: FerryPrograms
    private let folder: String
    private let issued = Mutex<Set<String>>([])

    /// Makes the authority and the staging server's identity in a new folder.
    /// - Parameter hosts: the names and addresses of the staging server.
    /// - Throws: `FerryError` with `ErrorCode.labTool`, with what `ferry pki` said.
    public init(_ programs: FerryPrograms, in folder: String, hosts: [String]) throws(FerryError) {
        self.programs = programs
        self.folder = folder
        staging = "\(folder)/staging"
        mkdir(folder, 0o700)
        try NetworkTool.run([programs.ferry, "pki", "init", "\(folder)/ca"])
        try NetworkTool.run(
            [programs.ferry, "pki", "issue", "\(folder)/ca", "--staging", "staging", "--out", staging]
                + hosts.flatMap { ["--host", $0] }
        )
    }

    /// The certificate of the authority, against which proofs are checked.
    public var authority: String { "\(folder)/ca/ca.pem" }

    /// The folder of the identity of the agent `name`, issued when it is asked for first: 30 ms of processor time each.
    public func agent(_ name: String) throws(FerryError) -> String {
        let path = "\(folder)/agent-\(name)"
        // One at a time: they all write to the authority's record.
        let outcome = issued.withLock { issued -> Result<Void, FerryError> in
            guard issued.insert(name).inserted else { return .success(()) }
            do throws(FerryError) {
                try NetworkTool.run([programs.ferry, "pki", "issue", "\(folder)/ca", "--agent", name, "--out", path])
                return .success(())
            } catch {
                issued.remove(name)
                return .failure(error)
            }
        }
        try outcome.get()
        return path
    }
}
