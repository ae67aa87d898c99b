internal import CFerryLinux
public import FerryCore
internal import Glibc
internal import Synchronization

/// Keeps the headers of the last seconds' packets at some ports in memory, and writes them to a file when a connection dies:
/// what ended it is gone when somebody asks. Needs CAP_NET_RAW.
public final class FlightRecorder: Sendable {
    private struct State {
        var ring: HeaderRing
        /// While the disks are frozen nothing is written, or this process would hang with them.
        var isHeld = false
        var kept: [(name: String, bytes: [UInt8])] = []
        var lastDeath: UInt64?
    }

    private let folder: String
    private let seconds: Double
    private let stop = ProbeStop()
    private let clock = ProbeClock()
    private let state: Mutex<State>

    /// 32 MiB hold more than 200 000 packets.
    private static let memory = 32 << 20
    /// After this many the oldest go: deaths that follow one another tell little more than the first.
    private static let mostFiles = 32
    private static let mostKept = 4
    /// What arrives after the end belongs to it.
    private static let afterwards = 0.7
    /// Several lanes that die at the same time are one death.
    private static let between = 2.0

    /// Records from now on.
    /// - Parameters:
    ///   - ports: the ports of either end.
    ///   - seconds: how far back a file goes.
    ///   - folder: where files go; it is made with the first.
    /// - Throws: `FerryError` with `ErrorCode.cannotRecord` if this process may not capture.
    public init(ports: [UInt16], seconds: Double, folder: String) throws(FerryError) {
        self.folder = folder
        self.seconds = seconds
        state = Mutex(State(ring: HeaderRing(memory: FlightRecorder.memory)))
        var problem: Int32 = 0
        let filter = PacketFilter(host: nil, ports: ports, takesErrors: true)
        guard let tap = PacketTap(filter, problem: &problem) else {
            throw FerryError(
                .cannotRecord,
                operation: "record",
                subject: "packets",
                cause: PacketTap.explanation(problem),
                advice: "Give the program CAP_NET_RAW, or leave --record-packets away."
            )
        }
        let box = Mutex(Optional(tap))
        ProbeThread.start { [self] in
            guard let tap = box.withLock({ $0.take() }) else { return }
            while !stop.isSet { record(tap) }
        }
    }

    /// Ends recording; what is being written is written.
    public func end() { stop.set() }

    /// A connection has died: its last packets, and those of the next moment, are written to a file of this time.
    public func died() {
        let now = clock.now
        let isNew = state.withLock { state in
            defer { state.lastDeath = now }
            guard let last = state.lastDeath else { return true }
            return now - last > ProbeClock.nanoseconds(FlightRecorder.between)
        }
        guard isNew else { return }
        ProbeThread.start { [self] in
            usleep(UInt32(FlightRecorder.afterwards * 1e6))
            keep()
        }
    }

    /// Nothing is written until `release()`.
    public func hold() { state.withLock { $0.isHeld = true } }

    /// What was held back is written.
    public func release() {
        let kept = state.withLock { state in
            state.isHeld = false
            defer { state.kept = [] }
            return state.kept
        }
        guard !kept.isEmpty else { return }
        ProbeThread.start { [self] in
            for file in kept { write(file.name, file.bytes) }
        }
    }

    private func record(_ tap: PacketTap) {
        tap.take(within: 200) { bytes, packet in
            state.withLock { $0.ring.add(bytes, time: packet.time, wireLength: Int(packet.length)) }
        }
    }

    private func keep() {
        let now = UTCTime.now()
        let since = (now.microseconds - Int64((seconds + FlightRecorder.afterwards) * 1e6)) * 1000
        let name = "\(now)".filter { $0 != ":" && $0 != "-" }
        let file = state.withLock { state -> [UInt8]? in
            let file = state.ring.file(since: since)
            guard state.isHeld else { return file }
            if state.kept.count < FlightRecorder.mostKept { state.kept.append((name, file)) }
            return nil
        }
        if let file { write(name, file) }
    }

    private func write(_ name: String, _ bytes: [UInt8]) {
        mkdir(folder, 0o700)
        DeathFolder(path: folder).makeRoom(for: FlightRecorder.mostFiles)
        let path = "\(folder)/\(name).pcap"
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            // A file that is cut would be taken for all there was.
            guard count > 0 else {
                unlink(path)
                return
            }
            rest = rest.dropFirst(count)
        }
    }
}

extension ErrorCode {
    /// Packets cannot be recorded.
    public static let cannotRecord = ErrorCode("record.not-permitted", .input)
}
