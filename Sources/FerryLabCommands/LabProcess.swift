internal import FerryCore
internal import FerryLab
internal import Foundation

/// How processes of a lab are begun: alone in a user and a network namespace, or in those of a lab that is up.
enum LabProcess {
    /// The words before those of a program that is to be alone.
    static let alone = ["unshare", "-Urn"]

    /// The words that start this program again, alone.
    static func thisProgram(_ words: [String]) -> [String] {
        let path = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? "/proc/self/exe"
        return alone + [path] + words
    }

    /// Has this process end with the one that started it, however that ends.
    static func endWithParent() { ParentBond.tie() }

    /// What the kernel calls the user namespace of a process; nil if it is gone.
    static func userNamespace(of process: Int32) -> String? {
        try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(process)/ns/user")
    }

    /// Ends what somebody has started in a lab and that has outlived it: all processes of its user namespace, which is the
    /// lab's alone.
    static func endAll(in namespace: String) {
        guard namespace != userNamespace(of: getpid()) else { return }
        for signal in [SIGTERM, SIGKILL] {
            let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
            let left = names.compactMap { Int32($0) }.filter { userNamespace(of: $0) == namespace }
            guard !left.isEmpty else { return }
            for process in left { kill(process, signal) }
            usleep(200_000)
        }
    }

    /// Turns this process into a program at a node; returns only if that fails.
    static func become(_ command: [String], at node: LabAnswer.Status.Node, of process: Int32) -> FerryError {
        become(["nsenter", "-t", "\(process)", "-U", "--preserve-credentials", "--net=\(node.namespace)"] + command)
    }

    /// Turns this process into another program; returns only if that fails.
    static func become(_ words: [String]) -> FerryError {
        var pointers = words.map { strdup($0) } + [nil]
        execvp(words[0], &pointers)
        return FerryError(
            .labTool,
            operation: "run",
            subject: words.joined(separator: " "),
            cause: String(cString: strerror(errno)),
            advice: "Install it (apt-get install util-linux)."
        )
    }
}
