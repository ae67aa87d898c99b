import Foundation
import Glibc

/// A control group (version 2): what one server's processes use together, and which they are.
struct ControlGroup: Sendable {
    let path: String

    /// Where version 2 is mounted; nil if it is not.
    static func mountPoint() -> String? {
        guard let mounts = try? String(contentsOfFile: "/proc/self/mounts", encoding: .utf8) else { return nil }
        for line in mounts.split(separator: "\n") {
            let fields = line.split(separator: " ")
            if fields.count > 2, fields[2] == "cgroup2" { return String(fields[1]) }
        }
        return nil
    }

    /// Makes the group.
    static func make(_ path: String) throws(BenchmarkError) -> ControlGroup {
        guard mkdir(path, 0o755) == 0 || errno == EEXIST else {
            throw BenchmarkError(
                .failure,
                "could not make the control group \(path): \(String(cString: strerror(errno)))"
            )
        }
        return ControlGroup(path: path)
    }

    /// Lets groups below this one count memory, where the kernel offers it here.
    func offerMemory() {
        guard (read("cgroup.controllers") ?? "").split(separator: " ").contains("memory") else { return }
        write("+memory", to: "cgroup.subtree_control")
    }

    /// User and system time of all its processes, those that ended included.
    var processorTime: ProcessorTime {
        var time = ProcessorTime()
        for line in (read("cpu.stat") ?? "").split(separator: "\n") {
            let fields = line.split(separator: " ")
            guard fields.count == 2, let microseconds = Double(fields[1]) else { continue }
            if fields[0] == "user_usec" { time.userSeconds = microseconds / 1e6 }
            if fields[0] == "system_usec" { time.systemSeconds = microseconds / 1e6 }
        }
        return time
    }

    /// The most memory it ever held, caches included; nil where the kernel does not count it.
    var peakMemoryBytes: Int? {
        read("memory.peak").flatMap { Int($0.trimmingCharacters(in: .whitespacesAndNewlines)) }
    }

    /// Begins to count `peakMemoryBytes` anew, where the kernel can.
    func forgetPeakMemory() { write("0", to: "memory.peak") }

    /// The processes in it.
    var processes: [pid_t] { (read("cgroup.procs") ?? "").split(separator: "\n").compactMap { pid_t($0) } }

    /// Kills every process in it, and waits until they are gone, half a minute at the most: one that writes to a device
    /// ends when that is done.
    func killAll() {
        for _ in 0..<3000 {
            for process in processes { kill(process, SIGKILL) }
            // One that is ending is in the list no more, and still holds what it had open.
            guard read("cgroup.events")?.contains("populated 1") == true else { return }
            usleep(10_000)
        }
    }

    func remove() { rmdir(path) }

    private func read(_ file: String) -> String? { try? String(contentsOfFile: "\(path)/\(file)", encoding: .utf8) }

    private func write(_ text: String, to file: String) {
        let descriptor = open("\(path)/\(file)", O_WRONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        _ = Glibc.write(descriptor, text, text.utf8.count)
        close(descriptor)
    }
}
