public import FerryCore
internal import Foundation
internal import Synchronization

/// A real `ferry-agent replicate` at a node.
public final class AgentJob: Sendable {
    /// What it is to do.
    public struct Options: Sendable {
        /// The job's name.
        public var name: String
        /// The disks: block devices or image files.
        public var disks: [String]
        /// The endpoints of the staging server, as `host:port`, in order of preference.
        public var endpoints: [String]
        /// The folder of the agent's identity.
        public var identity: String
        /// The agent's state folder; its events are in `STATE/JOB/events.jsonl`.
        public var state: String
        /// What it may send; nil for as fast as it goes.
        public var rate: BitRate?
        /// Memory that it may use; nil for the agent's own default.
        public var memory: ByteCount?
        /// More words for the command line.
        public var more: [String]

        /// Moves `disks` as the job `name`.
        public init(
            name: String,
            disks: [String],
            endpoints: [String],
            identity: String,
            state: String,
            rate: BitRate? = nil,
            memory: ByteCount? = nil,
            more: [String] = []
        ) {
            self.name = name
            self.disks = disks
            self.endpoints = endpoints
            self.identity = identity
            self.state = state
            self.rate = rate
            self.memory = memory
            self.more = more
        }

        /// The command line after the program.
        var words: [String] {
            var words = ["replicate"] + disks.flatMap { ["--disk", $0] }
            words += [
                "--to", endpoints.joined(separator: ","), "--job", name, "--identity", identity, "--state", state,
            ]
            if let rate { words += ["--rate", "\(Double(rate.bitsPerSecond) / 1000)kbit/s"] }
            if let memory { words += ["--memory", "\(memory.bytes >> 10)KiB"] }
            return words + ["--json"] + more
        }
    }

    /// What it was told to do.
    public let options: Options
    /// The file of its standard output: every event, progress each second.
    public let events: String
    /// The file of its standard error.
    public let complaints: String
    private let program: NodeProgram
    private let reading = Mutex(Reading())

    private struct Reading {
        var progress = AgentProgress()
        var offset: off_t = 0
    }

    /// Starts the agent at a node.
    /// - Throws: `FerryError` with `ErrorCode.labTool` if it cannot be started.
    public init(_ options: Options, _ programs: FerryPrograms, at namespace: NodeNamespace) throws(FerryError) {
        self.options = options
        try? FileManager.default.createDirectory(atPath: options.state, withIntermediateDirectories: true)
        events = "\(options.state)/\(options.name).out"
        complaints = "\(options.state)/\(options.name).err"
        program = try NodeProgram(
            [programs.agent] + options.words,
            at: namespace,
            output: events,
            complaints: complaints
        )
    }

    /// Whether it runs, or how it ended.
    public var state: NodeProgram.State { program.state }

    /// What its events tell so far.
    public var progress: AgentProgress {
        reading.withLock { reading in
            let file = open(events, O_RDONLY | O_CLOEXEC)
            defer { close(file) }
            var buffer = [UInt8](repeating: 0, count: 64 << 10)
            while true {
                let count = pread(file, &buffer, buffer.count, reading.offset)
                guard count > 0 else { return reading.progress }
                reading.offset += off_t(count)
                reading.progress.take(Array(buffer[..<count]))
            }
        }
    }

    /// Whether every disk has become a generation that the staging server has read back, and the agent says that all is well.
    public var isVerified: Bool { state == .exited(0) && progress.generations.count == options.disks.count }

    /// Why it is not verified, in the agent's words or of how it ended; nil if it is, or still runs.
    public var trouble: String? {
        guard state != .running, !isVerified else { return nil }
        let said = (try? String(contentsOfFile: complaints, encoding: .utf8)) ?? ""
        if let line = said.split(separator: "\n").last { return String(line) }
        switch state {
        case .killed(let signal): return "ended by signal \(signal)"
        case .exited(let status): return "ended with \(status), " + (progress.lastTrouble ?? "without a word")
        case .running: return nil
        }
    }

    /// Processor time that it took; none before it has ended.
    public var processorTime: ProcessorTime { program.processorTime }

    /// Memory that it had resident at the most, as `NodeProgram.mostMemory` says.
    public var mostMemory: ByteCount { program.mostMemory }

    /// Waits until it ends, at most so long. Returns whether it has ended.
    @discardableResult
    public func wait(atMost limit: Duration) -> Bool { program.wait(atMost: limit) }

    /// Asks it to stop where it is.
    public func terminate() { program.terminate() }

    /// Ends it at once.
    public func kill() { program.kill() }
}
