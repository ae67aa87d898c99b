/// Something that stands at the near end of a line and looks at its packets: those towards the far end before they go
/// along the line, those back when they have come along it.
protocol Middlebox: AnyObject {
    /// Looks at one packet.
    /// - Parameter forged: what the middlebox sends of its own goes here.
    /// - Returns: what becomes of the packet.
    func meet(_ packet: MetPacket, _ forged: inout ForgedPackets) -> MiddleboxVerdict
}

/// A packet that meets a middlebox.
struct MetPacket {
    /// The whole packet; may be changed in place.
    var bytes: UnsafeMutableRawBufferPointer
    /// Its segment, if it is one of TCP.
    var segment: TCPSegment?
    /// Where it goes.
    var way: Line.Way
    /// When, in nanoseconds of the line's clock.
    var now: UInt64

    init(_ bytes: UnsafeMutableRawBufferPointer, _ way: Line.Way, at now: UInt64) {
        self.bytes = bytes
        segment = TCPSegment(bytes)
        self.way = way
        self.now = now
    }
}

/// What becomes of a packet at a middlebox.
enum MiddleboxVerdict: Equatable {
    /// It goes on.
    case passes
    /// It goes on after so many nanoseconds; what goes back is not held.
    case held(UInt64)
    /// It ends here.
    case ends
}

/// What middleboxes send of their own, until the line has sent it.
struct ForgedPackets {
    private(set) var toNear: [[UInt8]] = []
    private(set) var toFar: [[UInt8]] = []

    mutating func add(_ segment: ForgedSegment, _ way: Line.Way) {
        switch way {
        case .forward: toFar.append(segment.bytes)
        case .back: toNear.append(segment.bytes)
        }
    }

    var isEmpty: Bool { toNear.isEmpty && toFar.isEmpty }

    mutating func removeAll() {
        toNear.removeAll(keepingCapacity: true)
        toFar.removeAll(keepingCapacity: true)
    }
}
