internal import FerryCore
internal import FerryTransport
internal import FerryWire
internal import NIOCore

/// One lane, as the agent sees it. Lives on the job's event loop.
final class AgentLane {
    let endpoint: Int
    let number: UInt32
    /// The connection; nil before it is there, and after its end, because it knows whoever hears it.
    var lane: Lane?
    /// Whether the staging server has welcomed it.
    var isOpen = false
    let dialedAt = NIODeadline.now()
    /// Batches offered on this lane that are not durable, oldest first.
    var batches = CircularBuffer<Batch>()
    /// Batches whose content is needed and not yet packed, as they were answered: not always in the order of the offers.
    var toPack: [Batch] = []
    /// The one of them that was offered first.
    var oldestToPack: Batch? { toPack.min { $0.number < $1.number } }
    /// Bytes of packed content that would have to be sent again if the lane died now.
    var unacknowledgedBytes = 0
    /// When the last ping went out.
    var lastPing = NIODeadline.now()
    /// The disks whose state the staging server has told on this lane: before it, nothing may be offered of them.
    var openDisks: Set<Int> = []

    init(endpoint: Int, number: UInt32) {
        self.endpoint = endpoint
        self.number = number
    }
}
