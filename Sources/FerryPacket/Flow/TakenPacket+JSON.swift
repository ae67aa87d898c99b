public import FerryCore

extension FlowTable.TakenPacket {
    /// Writes the members of the packet's record; docs/manual/capture.md says what each means.
    public func write(to json: inout JSONText, _ packet: CapturedPacket) {
        json.member("record", "packet")
        json.member("packet", packet.number)
        json.member("flow", flow)
        json.member("time", packet.time.utc.description)
        json.member("from", isFromClient ? "client" : "server")
        json.member("flags", segment.flags.description)
        json.member("sequence", segment.sequence)
        if segment.flags.contains(.ack) { json.member("acknowledgement", segment.acknowledgement) }
        json.member("window", segment.window)
        json.member("payloadBytes", segment.payloadLength)
        json.member("timeToLive", header.timeToLive)
        json.member("identification", header.identification)
        if let roundTrip { json.member("roundTripMilliseconds", JSONNumber.milliseconds(roundTrip)) }
        if !marks.isEmpty {
            json.member("marks", array: { json in for name in marks.names { json.value(name) } })
        }
    }
}
