public import FerryCore
internal import Foundation

/// A real `ferry staging serve` at a node.
public final class StagingServer: Sendable {
    /// How it is to run.
    public struct Options: Sendable {
        /// Its data folder.
        public var data: String
        /// The address and port for agents.
        public var listen: String
        /// The address and port for health and metrics; empty for none.
        public var http: String
        /// The folder of its identity.
        public var identity: String
        /// The file that its log is added to.
        public var log: String
        /// More words for the command line.
        public var more: [String]

        /// A server for `data` that listens at `listen`.
        public init(
            data: String,
            listen: String,
            http: String = "",
            identity: String,
            log: String,
            more: [String] = []
        ) {
            self.data = data
            self.listen = listen
            self.http = http
            self.identity = identity
            self.log = log
            self.more = more
        }

        /// The command line after the program.
        var words: [String] {
            ["staging", "serve", "--data", data, "--listen", listen, "--http", http, "--identity", identity] + more
        }
    }

    private let program: NodeProgram

    /// Starts it at a node, and waits until it listens.
    /// - Parameter waiting: called each second until then.
    /// - Throws: `FerryError` with `ErrorCode.labTool`, with the end of its log, if it ends, or does not listen within 30 s.
    public init(
        _ options: Options,
        _ programs: FerryPrograms,
        at namespace: NodeNamespace,
        waiting: () -> Void = {}
    ) throws(FerryError) {
        // One that was there before has said the same in the same log.
        let before = StagingServer.log(options).count
        program = try NodeProgram(
            [programs.ferry] + options.words,
            at: namespace,
            output: options.log,
            complaints: options.log
        )
        for turn in 1...3000 {
            if StagingServer.log(options).dropFirst(before).contains("receiving on ") { return }
            if program.wait(atMost: .milliseconds(10)) { break }
            if turn % 100 == 0 { waiting() }
        }
        let state = program.state
        program.kill()
        throw FerryError(
            .labTool,
            operation: "start",
            subject: "the staging server at \(namespace.node)",
            cause: (state == .running ? "it did not listen within 30 s" : "it ended")
                + "; it said: \(StagingServer.log(options).dropFirst(before).suffix(1000))",
            advice: "Mend what it names, and try again."
        )
    }

    private static func log(_ options: Options) -> String {
        (try? String(contentsOfFile: options.log, encoding: .utf8)) ?? ""
    }

    /// Whether it runs, or how it ended.
    public var state: NodeProgram.State { program.state }

    /// Processor time that it took; none before it has ended.
    public var processorTime: ProcessorTime { program.processorTime }

    /// Memory that it had resident at the most, as `NodeProgram.mostMemory` says.
    public var mostMemory: ByteCount { program.mostMemory }

    /// Ends it in order; at once if it takes longer than 10 s.
    public func end() {
        program.terminate()
        guard !program.wait(atMost: .seconds(10)) else { return }
        kill()
    }

    /// Ends it at once, as a power failure would.
    public func kill() {
        program.kill()
        program.wait(atMost: .seconds(10))
    }
}
