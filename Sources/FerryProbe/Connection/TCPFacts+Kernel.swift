internal import CFerryLinux
internal import FerryEvidence
internal import Glibc

extension TCPFacts {
    /// What the kernel says of the connection `descriptor`; nil if it says nothing.
    init?(_ descriptor: Int32, seconds: Double) {
        var info = ferry_tcp_info()
        var size = socklen_t(MemoryLayout<ferry_tcp_info>.size)
        guard getsockopt(descriptor, Int32(IPPROTO_TCP), TCP_INFO, &info, &size) == 0 else { return nil }
        self.init(seconds: seconds)
        take(info)
        // An older kernel fills less of the structure; what it does not fill is not known.
        let known = Int(size)
        func knows<Value>(_ path: KeyPath<ferry_tcp_info, Value>) -> Bool {
            (MemoryLayout<ferry_tcp_info>.offset(of: path) ?? .max) + MemoryLayout<Value>.size <= known
        }
        if knows(\.segments_received) { takeBytes(info) }
        if knows(\.data_segments_sent) {
            bytesNotSent = Int(info.not_sent_bytes)
            dataSegmentsOut = Int(info.data_segments_sent)
            dataSegmentsIn = Int(info.data_segments_received)
            if info.least_round_trip < .max { leastRoundTripSeconds = Double(info.least_round_trip) / 1e6 }
        }
        if knows(\.send_buffer_limited_time) { takeTimes(info) }
        if knows(\.delivered_marked) {
            delivered = Int(info.delivered)
            deliveredMarked = Int(info.delivered_marked)
        }
        if knows(\.reordering_seen) {
            bytesSent = Int(clamping: info.bytes_sent)
            bytesRetransmitted = Int(clamping: info.bytes_retransmitted)
            duplicatesTold = Int(info.duplicates_told)
            reorderingSeen = Int(info.reordering_seen)
        }
        if knows(\.received_out_of_order) { receivedOutOfOrder = Int(info.received_out_of_order) }
        if knows(\.send_window) { sendWindow = Int(info.send_window) }
    }

    private mutating func take(_ info: ferry_tcp_info) {
        state = Int(info.state)
        congestionState = Int(info.congestion_state)
        retransmits = Int(info.retransmits)
        backoff = Int(info.backoff)
        timeoutSeconds = Double(info.retransmission_timeout) / 1e6
        sendSegment = Int(info.send_segment_size)
        receiveSegment = Int(info.receive_segment_size)
        advertisedSegment = Int(info.advertised_segment_size)
        pathUnit = Int(info.path_mtu)
        unacknowledged = Int(info.unacknowledged)
        selectivelyAcknowledged = Int(info.selectively_acknowledged)
        lost = Int(info.lost)
        retransmitting = Int(info.retransmitted)
        totalRetransmits = Int(info.total_retransmits)
        roundTripSeconds = Double(info.round_trip) / 1e6
        roundTripVariationSeconds = Double(info.round_trip_variation) / 1e6
        if info.receive_round_trip > 0 { receiveRoundTripSeconds = Double(info.receive_round_trip) / 1e6 }
        congestionWindow = Int(info.congestion_window)
        slowStartThreshold = Int(info.send_threshold)
        reordering = Int(info.reordering)
        options = Int(info.options)
        peerWindowScale = Int(info.window_scales & 15)
        ownWindowScale = Int(info.window_scales >> 4)
    }

    private mutating func takeBytes(_ info: ferry_tcp_info) {
        // The handshake counts as one byte for the kernel.
        bytesAcknowledged = max(0, Int(clamping: info.bytes_acknowledged) - 1)
        bytesReceived = Int(clamping: info.bytes_received)
        segmentsOut = Int(info.segments_sent)
        segmentsIn = Int(info.segments_received)
    }

    private mutating func takeTimes(_ info: ferry_tcp_info) {
        deliveryRate = Double(info.delivery_rate)
        deliveryIsLimitedBySender = info.flags & 1 != 0
        busySeconds = Double(info.busy_time) / 1e6
        receiverLimitedSeconds = Double(info.receiver_limited_time) / 1e6
        bufferLimitedSeconds = Double(info.send_buffer_limited_time) / 1e6
    }

    /// Whether nothing has happened since `earlier` but time.
    func isSame(as earlier: TCPFacts) -> Bool {
        var moved = earlier
        moved.seconds = seconds
        return moved == self
    }
}
