import Foundation
import Glibc

/// The directory of one run of the benchmark, in memory, and the names of all it makes outside of it. Everything has
/// the process identifier in its name, so that the next run finds what a killed one left.
struct RunDirectory {
    private static let base = "/run/ferry-bench"
    private static let program = "ferry-bench"

    let identifier: pid_t

    var path: String { "\(RunDirectory.base)/\(identifier)" }
    var groupPath: String { "\(RunDirectory.groups)/\(RunDirectory.program)-\(identifier)" }

    func namespace(_ role: Host.Role) -> String { "\(RunDirectory.program)-\(identifier)-\(role.rawValue)" }

    private static var groups: String { ControlGroup.mountPoint() ?? "/sys/fs/cgroup" }

    /// Makes the directory of this process: a tmpfs that may take three quarters of the memory.
    static func make() throws(BenchmarkError) -> RunDirectory {
        guard ControlGroup.mountPoint() != nil else {
            throw BenchmarkError(
                .input,
                "no control groups of version 2 are mounted; try: mount -t cgroup2 none /sys/fs/cgroup/unified"
            )
        }
        let directory = RunDirectory(identifier: getpid())
        do {
            try FileManager.default.createDirectory(atPath: directory.path, withIntermediateDirectories: true)
        } catch {
            throw BenchmarkError(.failure, "could not make \(directory.path): \(error)")
        }
        try Tool.run(["mount", "-t", "tmpfs", "-o", "size=75%,mode=755", "ferry-bench", directory.path])
        _ = try ControlGroup.make(directory.groupPath)
        ControlGroup(path: directory.groupPath).offerMemory()
        return directory
    }

    /// Removes what runs that no longer live have left; returns how many there were.
    static func removeLeftovers() -> Int {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: base)) ?? []
        var count = 0
        for identifier in names.compactMap({ pid_t($0) }) {
            let name = try? String(contentsOfFile: "/proc/\(identifier)/comm", encoding: .utf8)
            if name?.hasPrefix(program) == true { continue }
            RunDirectory(identifier: identifier).remove()
            count += 1
        }
        return count
    }

    /// Ends what still runs in the groups of this run, and removes all it made.
    func remove() {
        let groups = ["source", "staging", "holders"].map { ControlGroup(path: "\(groupPath)/\($0)") }
        for group in groups { group.killAll() }
        for role in [Host.Role.source, .staging] where access("/run/netns/\(namespace(role))", F_OK) == 0 {
            _ = try? Tool.run(["ip", "netns", "del", namespace(role)])
        }
        LoopDevice.detachAll(notedIn: loopList)
        for group in groups { group.remove() }
        rmdir(groupPath)
        // A loop device lets go of its file a moment after it was told to.
        for _ in 0..<50 where isMounted {
            if (try? Tool.attempt(["umount", path]))?.ending != .exited(0) { usleep(100_000) }
        }
        // What could not be ended now, the next run finds by its directory.
        guard !isMounted else { return }
        rmdir(path)
        rmdir(RunDirectory.base)
    }

    private var isMounted: Bool {
        let mounts = (try? String(contentsOfFile: "/proc/self/mounts", encoding: .utf8)) ?? ""
        return mounts.split(separator: "\n").contains { $0.contains(" \(path) ") }
    }

    /// The file that lists the loop devices of this run.
    var loopList: String { "\(path)/loop-devices" }
}
