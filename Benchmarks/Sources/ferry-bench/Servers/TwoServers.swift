import Foundation

/// A source server and a staging server on this machine, joined by one link. Sources are read from the page cache;
/// everything that is written lies in memory.
final class TwoServers {
    let run: RunDirectory
    let source: Host
    let staging: Host
    let link: Link

    init() throws(BenchmarkError) {
        run = try RunDirectory.make()
        do throws(BenchmarkError) {
            source = try Host(.source, run: run, address: "10.77.0.1")
            staging = try Host(.staging, run: run, address: "10.77.0.2")
            link = try Link(source, staging)
        } catch {
            run.remove()
            throw error
        }
    }

    /// The file a peer writes the copy to.
    var copy: String { "\(staging.directory)/copy.img" }

    /// Ends everything on both servers and forgets their files.
    func reset() throws(BenchmarkError) {
        try source.reset()
        try staging.reset()
    }

    /// Ends everything on both servers; their files stay.
    func stop() {
        source.stop()
        staging.stop()
    }

    /// Removes both servers and all they made.
    func remove() {
        source.remove()
        staging.remove()
        run.remove()
    }
}
