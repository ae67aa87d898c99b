internal import CFerryLinux
public import FerryCore

/// What the kernel says of a TCP connection (`TCP_INFO`).
public struct TCPSample: Sendable {
    /// The smoothed round trip in microseconds.
    public var roundTrip: UInt32
    /// Its variation in microseconds.
    public var roundTripVariation: UInt32
    /// Segments sent again, in all.
    public var retransmits: UInt32
    /// Segments sent and not acknowledged.
    public var unacknowledged: UInt32
    /// Retransmission timeouts in a row.
    public var backoff: UInt8
    /// Segments taken for lost.
    public var lost: UInt32
    /// Milliseconds since the last acknowledgement came.
    public var sinceAcknowledgement: UInt32
    /// The maximum segment size in bytes.
    public var segmentSize: UInt32
    /// The congestion window in segments.
    public var congestionWindow: UInt32
    /// Bytes that the peer has acknowledged; nil before kernel 4.1.
    public var bytesAcknowledged: UInt64?
    /// Microseconds in which something was to be sent; 0 before kernel 4.10.
    public var busyTime: UInt64
    /// Microseconds of them in which the peer's receive window was full: it, and not the link, is what limits.
    public var receiverLimitedTime: UInt64

    init(_ info: ferry_tcp_info) {
        roundTrip = info.round_trip
        roundTripVariation = info.round_trip_variation
        retransmits = info.total_retransmits
        unacknowledged = info.unacknowledged
        backoff = info.backoff
        lost = info.lost
        sinceAcknowledgement = info.last_ack_received
        segmentSize = info.send_segment_size
        congestionWindow = info.congestion_window
        // The handshake alone makes it 1.
        bytesAcknowledged = info.bytes_acknowledged == 0 ? nil : info.bytes_acknowledged
        busyTime = info.busy_time
        receiverLimitedTime = info.receiver_limited_time
    }

    /// Writes the sample as a JSON member.
    public func write(to json: inout JSONText) {
        json.member(
            "tcpInfo",
            object: { json in
                json.member("rttMicroseconds", roundTrip)
                json.member("rttVariationMicroseconds", roundTripVariation)
                json.member("totalRetransmits", retransmits)
                json.member("unacknowledgedSegments", unacknowledged)
                json.member("backoff", backoff)
                json.member("lostSegments", lost)
                json.member("lastAcknowledgementMilliseconds", sinceAcknowledgement)
                json.member("segmentSize", segmentSize)
                json.member("congestionWindowSegments", congestionWindow)
                json.member("busyMicroseconds", busyTime)
                json.member("receiverLimitedMicroseconds", receiverLimitedTime)
            }
        )
    }
}
