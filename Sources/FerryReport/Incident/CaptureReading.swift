internal import FerryCore
internal import FerryPacket
internal import Glibc

/// What a capture in an incident's folder shows of the connections to the suspect. Whoever was talked with has written much
/// of it, so that everything about it is bounded.
struct CaptureReading: Sendable {
    /// Why a file was not read, or not to its end.
    enum Problem: Sendable, Equatable {
        /// A pipe, a device or a folder.
        case notAFile
        /// Larger than what is read, in bytes.
        case tooLarge(Int)
        /// It could not be opened or read, in the system's words.
        case unreadable(String)
        /// It begins like no capture.
        case notACapture
        /// It is compressed, as by this program.
        case compressed(String)
        /// It ends inside a packet.
        case cutShort
        /// A length in it cannot be one.
        case damaged
        /// It has more packets than are looked at.
        case tooManyPackets
    }

    /// The file's name in the folder.
    let file: String
    private(set) var problem: Problem?
    /// Packets that were looked at.
    private(set) var packets = 0
    /// Connections that they belong to.
    private(set) var connections = 0
    /// Those of them that go to the suspect.
    private(set) var concerned = 0
    /// Those of these with something to look at.
    private(set) var troubled = 0
    /// Some of these, the gravest first.
    private(set) var flows: [CapturedFlow] = []

    /// The most that is read of all captures of a folder, in bytes: some seconds.
    static let mostBytes = 256 << 20
    /// The most files.
    static let mostFiles = 16
    private static let mostPackets = 4_000_000
    private static let mostFlows = 8192
    /// As many as a person reads of one file.
    private static let mostShown = 2

    /// Reads a file.
    /// - Parameter left: bytes that may still be read; those of the file are taken off.
    init(_ file: String, in folder: String, about suspect: SuspectEnds, left: inout Int) {
        self.file = file
        let path = "\(folder)/\(file)"
        var status = stat()
        guard stat(path, &status) == 0 else {
            problem = .unreadable(String(cString: strerror(errno)))
            return
        }
        guard status.st_mode & S_IFMT == S_IFREG else {
            problem = .notAFile
            return
        }
        let size = Int(status.st_size)
        guard size <= left else {
            problem = .tooLarge(size)
            return
        }
        left -= size
        let chosen = choose(path, suspect)
        // The second time it is known which packets are wanted: a capture may have many more than memory should.
        flows = excerpts(path, chosen)
    }

    /// Reads all of it once, for what the connections did.
    private mutating func choose(_ path: String, _ suspect: SuspectEnds) -> [Flow] {
        var table = FlowTable(limit: CaptureReading.mostFlows)
        var best = FlowChoice(suspect, most: CaptureReading.mostShown)
        problem = CaptureReading.read(path) { packet in table.take(packet, onEviction: { best.consider($0) }) }
        table.finish { best.consider($0) }
        packets = table.tally.packets
        connections = table.flowCount
        concerned = best.concerned
        troubled = best.troubled
        return best.flows
    }

    private func excerpts(_ path: String, _ chosen: [Flow]) -> [CapturedFlow] {
        guard !chosen.isEmpty else { return [] }
        var table = FlowTable(limit: CaptureReading.mostFlows)
        var excerpts = chosen.map(FlowExcerpt.init)
        _ = CaptureReading.read(path) { packet in
            table.take(packet) { taken in
                guard let place = chosen.firstIndex(where: { $0.number == taken.flow }) else { return }
                excerpts[place].take(taken, packet)
            }
        }
        return excerpts.map(\.finished)
    }

    private static func read(_ path: String, _ body: (CapturedPacket) -> Void) -> Problem? {
        var count = 0
        do throws(FerryError) {
            let stop = try CaptureFile(path: path).read { packet in
                count += 1
                if count <= mostPackets { body(packet) }
            }
            if count > mostPackets { return .tooManyPackets }
            return stop.map { problem(of: $0.reason) }
        } catch {
            guard error.code == .captureNotACapture else { return .unreadable(error.cause) }
            return beginning(of: path).map(problem) ?? .notACapture
        }
    }

    private static func problem(of reason: CaptureStop.Reason) -> Problem {
        switch reason {
        case .cutShort: .cutShort
        case .damaged: .damaged
        case .notACapture: .notACapture
        case .compressed(let program): .compressed(program)
        }
    }

    /// Why a file that is no capture is none, from its first bytes.
    private static func beginning(of path: String) -> CaptureStop.Reason? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: 64)
        let count = Glibc.read(descriptor, &bytes, bytes.count)
        guard count >= 0 else { return nil }
        var parser = CaptureParser()
        _ = bytes[..<count].withUnsafeBytes { parser.parse($0, isEnd: true) { _ in } }
        return parser.stop?.reason
    }
}
