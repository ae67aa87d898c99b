internal import FerryPacket

/// A connection of a capture as a report shows it: values, of which nothing points into the file any more.
struct CapturedFlow: Sendable {
    /// A packet of it.
    struct Segment: Sendable {
        /// Its place in the file, from 1.
        var number: Int
        var time: PacketTime
        var isFromClient: Bool
        var flags: TCPFlags
        /// From the first number of its sender, in bytes.
        var sequence: Int
        /// Bytes of data.
        var length: Int
        var timeToLive: UInt8
        var identification: UInt32
        var marks: [String]
    }

    /// How it was ended.
    struct Ending: Sendable {
        var isFromClient: Bool
        var isReset: Bool
        /// Nanoseconds from the first packet.
        var after: Int64
        var timeToLive: UInt8
        /// Of the other packets of the same sender.
        var usual: ClosedRange<UInt8>?
    }

    /// The data of one side, for its time-sequence picture.
    struct Sequence: Sendable {
        var isOfClient: Bool
        var points: [TimeSequence.Point]
    }

    var client: String
    var server: String
    var start: PacketTime
    /// Nanoseconds from the first packet to the last.
    var duration: Int64
    var packets: Int
    var troubles: [FlowTrouble]
    var ending: Ending?
    /// The packets around its end.
    var excerpt: [Segment]
    /// How many packets are not shown before those.
    var before: Int
    /// How many are not shown after them.
    var after: Int
    /// The data of the side that sent more; nil if there was none.
    var sequence: Sequence?
}
