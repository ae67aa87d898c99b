public import FerryCore

/// The flows of a capture with their segments, as far as memory is allowed to it.
public struct CaptureRecording {
    /// A flow with its segments in the order in which they were captured.
    public struct RecordedFlow {
        /// The flow.
        public var flow: Flow
        /// The client's segments.
        public var fromClient: [RecordedSegment] = []
        /// The server's segments.
        public var fromServer: [RecordedSegment] = []
        /// Whether segments were left out because there were too many.
        public var isCut = false
    }

    /// The path of the file.
    public let path: String
    /// The flows in the order in which they began.
    public private(set) var flows: [RecordedFlow] = []
    /// What the capture held.
    public private(set) var tally = CaptureTally()
    /// Where reading stopped before the end.
    public private(set) var stop: CaptureStop?
    /// How many segments were left out.
    public private(set) var leftOut = 0

    /// 256 MiB.
    private static let mostSegments = 2_000_000

    /// Reads the capture at `path`.
    /// - Parameters:
    ///   - limit: how many flows are followed at a time.
    ///   - onProgress: as that of `CaptureFile`.
    /// - Throws: `FerryError` as `CaptureFile.read` does.
    public init(
        path: String,
        limit: Int = 65_536,
        onProgress: ((_ bytesRead: Int) -> Bool)? = nil
    ) throws(FerryError) {
        self.path = path
        var table = FlowTable(limit: limit)
        var segments: [Int: (client: [RecordedSegment], server: [RecordedSegment], isCut: Bool)] = [:]
        var kept = 0
        var leftOut = 0
        var flows: [RecordedFlow] = []
        func close(_ flow: Flow) {
            let own = segments.removeValue(forKey: flow.number) ?? ([], [], false)
            flows.append(RecordedFlow(flow: flow, fromClient: own.client, fromServer: own.server, isCut: own.isCut))
        }
        stop = try CaptureFile(path: path, onProgress: onProgress).read { packet in
            table.take(packet) { taken in
                guard kept < CaptureRecording.mostSegments else {
                    leftOut += 1
                    segments[taken.flow]?.isCut = true
                    return
                }
                kept += 1
                let segment = RecordedSegment(taken.segment, taken.header, packet)
                if taken.isFromClient {
                    segments[taken.flow, default: ([], [], false)].client.append(segment)
                } else {
                    segments[taken.flow, default: ([], [], false)].server.append(segment)
                }
            } onEviction: {
                close($0)
            }
        }
        table.finish(close)
        tally = table.tally
        self.leftOut = leftOut
        self.flows = flows.sorted { $0.flow.number < $1.flow.number }
    }
}

extension CaptureRecording.RecordedFlow {
    /// The same with the segments of flows that are parts of it.
    func joined(with parts: [Self]) -> Self {
        guard !parts.isEmpty else { return self }
        var whole = self
        for part in parts {
            whole.fromClient += part.fromClient
            whole.fromServer += part.fromServer
        }
        whole.fromClient.sort { $0.number < $1.number }
        whole.fromServer.sort { $0.number < $1.number }
        return whole
    }

    /// The same with the roles exchanged, where the capture could not see who had begun.
    var exchanged: Self {
        var other = self
        swap(&other.fromClient, &other.fromServer)
        swap(&other.flow.client, &other.flow.server)
        return other
    }
}
