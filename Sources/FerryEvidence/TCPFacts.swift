/// What the kernel says of a TCP connection at one moment (TCP_INFO). What it does not say is nil, not nought.
public struct TCPFacts: Codable, Sendable, Equatable {
    /// Seconds from the probe's start.
    public var seconds: Double
    /// The state, as the kernel numbers it.
    public var state: Int?
    /// Congestion avoidance state, as the kernel numbers it: 0 open, 3 recovery, 4 loss.
    public var congestionState: Int?
    /// Retransmissions of the segment in question so far.
    public var retransmits: Int?
    /// Timeouts in a row.
    public var backoff: Int?
    /// Seconds of the retransmission timeout.
    public var timeoutSeconds: Double?
    /// Bytes of the segments that are sent.
    public var sendSegment: Int?
    /// Bytes of the largest segment that came.
    public var receiveSegment: Int?
    /// Bytes of the largest segment that this side has said it takes.
    public var advertisedSegment: Int?
    /// Bytes of the largest packet that the path takes, as far as known.
    public var pathUnit: Int?
    /// Segments sent and not acknowledged.
    public var unacknowledged: Int?
    /// Segments acknowledged selectively.
    public var selectivelyAcknowledged: Int?
    /// Segments taken for lost.
    public var lost: Int?
    /// Segments sent again and not acknowledged yet.
    public var retransmitting: Int?
    /// Segments sent again, in all.
    public var totalRetransmits: Int?
    /// The smoothed round trip in seconds.
    public var roundTripSeconds: Double?
    /// Its variation in seconds.
    public var roundTripVariationSeconds: Double?
    /// The round trip in seconds as the receiving side reckons it.
    public var receiveRoundTripSeconds: Double?
    /// The least round trip in seconds.
    public var leastRoundTripSeconds: Double?
    /// The congestion window in segments.
    public var congestionWindow: Int?
    /// The slow-start threshold in segments.
    public var slowStartThreshold: Int?
    /// The peer's window in bytes.
    public var sendWindow: Int?
    /// The reordering metric in segments.
    public var reordering: Int?
    /// How often reordering was seen.
    public var reorderingSeen: Int?
    /// Packets that came out of order.
    public var receivedOutOfOrder: Int?
    /// Duplicates that the peer told of.
    public var duplicatesTold: Int?
    /// Bytes sent, repeats included.
    public var bytesSent: Int?
    /// Bytes acknowledged.
    public var bytesAcknowledged: Int?
    /// Bytes sent again.
    public var bytesRetransmitted: Int?
    /// Bytes received.
    public var bytesReceived: Int?
    /// Bytes that wait to be sent.
    public var bytesNotSent: Int?
    /// Segments out and in, and of them those with content.
    public var segmentsOut: Int?
    /// Segments in.
    public var segmentsIn: Int?
    /// Segments with content, out.
    public var dataSegmentsOut: Int?
    /// Segments with content, in.
    public var dataSegmentsIn: Int?
    /// The rate of delivery in bytes per second.
    public var deliveryRate: Double?
    /// Whether that was limited by what there was to send.
    public var deliveryIsLimitedBySender: Bool?
    /// Seconds in which something was to be sent.
    public var busySeconds: Double?
    /// Seconds of them in which the peer's window was full.
    public var receiverLimitedSeconds: Double?
    /// Seconds of them in which the send buffer was.
    public var bufferLimitedSeconds: Double?
    /// Segments delivered.
    public var delivered: Int?
    /// Segments delivered with congestion marked.
    public var deliveredMarked: Int?
    /// What the handshake agreed on: timestamps 1, selective acknowledgement 2, window scale 4, ECN 8.
    public var options: Int?
    /// The window scales: the peer's and ours.
    public var peerWindowScale: Int?
    /// Ours.
    public var ownWindowScale: Int?

    /// Nothing known.
    public init(seconds: Double) { self.seconds = seconds }
}
