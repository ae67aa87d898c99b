import Foundation
import Glibc

/// One of the two servers: a network namespace and a control group of its own.
final class Host {
    enum Role: String { case source, staging }

    let role: Role
    let namespace: String
    let device: String
    let address: String
    let group: ControlGroup
    /// Where the server keeps its files.
    let directory: String
    private let home: String
    private let holder: ChildProcess
    private var daemons: [ChildProcess] = []

    /// Makes the namespace and the groups; `run` is the directory of this run.
    init(_ role: Role, run: RunDirectory, address: String) throws(BenchmarkError) {
        self.role = role
        self.address = address
        namespace = run.namespace(role)
        device = role.rawValue
        directory = "\(run.path)/\(role.rawValue)"
        home = "\(run.path)/home"
        group = try ControlGroup.make("\(run.groupPath)/\(role.rawValue)")
        let holders = try ControlGroup.make("\(run.groupPath)/holders")
        try Tool.run(["ip", "netns", "add", namespace])
        // A process that does nothing but be in the namespace: through it /proc shows the namespace's counters.
        holder = try Host.launch(
            ["sleep", "infinity"],
            namespace: namespace,
            group: holders,
            environment: Tool.environment(home: home),
            log: "/dev/null"
        )
        try makeEmpty(directory)
        try makeEmpty(home)
    }

    /// What the server's programs said since `reset`.
    var log: String { "\(directory)/log" }

    /// A file of the kernel about the server's network, as /proc/net/NAME inside it.
    func networkFile(_ name: String) -> String { "/proc/\(holder.identifier)/net/\(name)" }

    /// Starts `words` on this server.
    /// - Parameter output: the file for its standard output; nil is the log.
    func start(
        _ words: [String],
        environment: [String: String] = [:],
        output: String? = nil
    ) throws(BenchmarkError) -> ChildProcess {
        try Host.launch(
            words,
            namespace: namespace,
            group: group,
            environment: Tool.environment(home: home).merging(environment) { $1 },
            log: log,
            output: output
        )
    }

    /// Starts a shell command, which fails when any part of its pipeline does.
    func shell(_ text: String, environment: [String: String] = [:]) throws(BenchmarkError) -> ChildProcess {
        try start(["bash", "-eu", "-o", "pipefail", "-c", text], environment: environment)
    }

    /// Starts what others connect to, and waits until it listens on `port`.
    @discardableResult
    func serve(
        _ words: [String],
        port: Int,
        environment: [String: String] = [:]
    ) throws(BenchmarkError) -> ChildProcess {
        let daemon = try start(words, environment: environment)
        daemons.append(daemon)
        for _ in 0..<500 {
            if isListening(port) { return daemon }
            guard daemon.isRunning else { break }
            usleep(10_000)
        }
        throw BenchmarkError(.failure, "\(words[0]) does not listen on port \(port): \(lastWords)")
    }

    /// The end of the log.
    var lastWords: String { Tool.lastLines((try? String(contentsOfFile: log, encoding: .utf8)) ?? "") }

    /// Ends everything on this server and empties its directory.
    func reset() throws(BenchmarkError) {
        stop()
        try makeEmpty(directory)
    }

    /// Ends everything on this server.
    func stop() {
        group.killAll()
        for daemon in daemons { _ = daemon.wait() }
        daemons = []
    }

    /// Ends everything and removes the namespace.
    func remove() {
        stop()
        holder.send(SIGKILL)
        _ = holder.wait()
        _ = try? Tool.run(["ip", "netns", "del", namespace])
    }

    private func makeEmpty(_ path: String) throws(BenchmarkError) {
        do {
            try? FileManager.default.removeItem(atPath: path)
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        } catch {
            throw BenchmarkError(.failure, "could not make \(path): \(error)")
        }
    }

    private func isListening(_ port: Int) -> Bool {
        let table = (try? String(contentsOfFile: networkFile("tcp"), encoding: .utf8)) ?? ""
        let suffix = ":" + String(format: "%04X", port)
        return table.split(separator: "\n").contains { line in
            let fields = line.split(separator: " ")
            // 0A is LISTEN.
            return fields.count > 3 && fields[1].hasSuffix(suffix) && fields[3] == "0A"
        }
    }

    /// Starts `words` in a namespace and a group: it joins both before it becomes the program.
    private static func launch(
        _ words: [String],
        namespace: String,
        group: ControlGroup,
        environment: [String: String],
        log: String,
        output: String? = nil
    ) throws(BenchmarkError) -> ChildProcess {
        let complaints = open(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        let target = output.map { open($0, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600) } ?? complaints
        defer {
            close(complaints)
            if output != nil { close(target) }
        }
        guard complaints >= 0, target >= 0 else {
            throw BenchmarkError(.failure, "could not write \(output ?? log): \(String(cString: strerror(errno)))")
        }
        let join = #"echo $$ >"$1/cgroup.procs"; shift; exec nsenter "$@""#
        return try ChildProcess.start(
            ["sh", "-euc", join, "sh", group.path, "--net=/run/netns/\(namespace)", "--"] + words,
            environment: environment,
            output: (target, complaints)
        )
    }
}
