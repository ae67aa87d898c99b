public import FerryCore

extension FlowComparison {
    /// Writes the members of the comparison's record; docs/manual/capture.md says what each means.
    public func write(to json: inout JSONText) {
        json.member("first", object: { writeFlow(left, to: &$0) })
        json.member("second", object: { writeFlow(right, to: &$0) })
        json.member("matchedBy", basis)
        json.member("nearerToClient", isLeftAtClient ? "first" : "second")
        if let clockDifference {
            json.member("clockDifferenceMilliseconds", JSONNumber.milliseconds(clockDifference))
        }
        if let clockUncertainty {
            json.member("clockUncertaintyMilliseconds", JSONNumber.milliseconds(clockUncertainty))
        }
        json.member("translatesClient", translatesClient)
        json.member("translatesServer", translatesServer)
        if !alsoAs.isEmpty {
            json.member("alsoAs", array: { json in for end in alsoAs { json.object(end.write) } })
        }
        json.member("rewritesSequence", rewritesSequence)
        json.member("isTerminated", isTerminated)
        json.member("toServer", object: { toServer.write(to: &$0) })
        json.member("toClient", object: { toClient.write(to: &$0) })
        json.member("findings", array: { json in for text in findings { json.value(text) } })
    }

    private func writeFlow(_ flow: Flow, to json: inout JSONText) {
        json.member("flow", flow.number)
        json.member("client", object: flow.client.end.write)
        json.member("server", object: flow.server.end.write)
        json.member("start", flow.start.utc.description)
        json.member("packets", flow.packets)
        json.member("connState", flow.connectionState)
        json.member("history", flow.history)
    }
}

extension DirectionComparison {
    func write(to json: inout JSONText) {
        json.member("sent", sentCount)
        json.member("arrived", arrivedCount)
        json.member("matched", matched)
        json.member("neverArrived", lost.count)
        json.member("neverSent", forged.count)
        json.member("duplicated", duplicates)
        json.member("recut", recut)
        json.member("outside", outside)
        json.member("hops", hops)
        if transit.count > 0 { json.member("transit", object: transit.write) }
        for (name, segments) in [("neverArrivedPackets", lost), ("neverSentPackets", forged)] where !segments.isEmpty {
            json.member(
                name,
                array: { json in
                    for segment in segments.prefix(DirectionComparison.mostTold) { json.object(segment.write) }
                }
            )
        }
        guard !changeCounts.isEmpty else { return }
        json.member(
            "changes",
            array: { json in
                for (changes, count) in changeCounts {
                    json.object { json in
                        json.member("what", array: { json in for name in changes.names { json.value(name) } })
                        json.member("packets", count)
                    }
                }
            }
        )
        json.member(
            "changedPackets",
            array: { json in
                for one in changed {
                    json.object { json in
                        json.member("what", array: { json in for name in one.changes.names { json.value(name) } })
                        json.member("sent", object: one.sent.write)
                        json.member("arrived", object: one.arrived.write)
                    }
                }
            }
        )
    }

    /// Of each kind; the counts are of all.
    static let mostTold = 100
}

extension RecordedSegment {
    func write(to json: inout JSONText) {
        json.member("packet", number)
        json.member("time", time.utc.description)
        json.member("flags", flags.description)
        json.member("sequence", sequence)
        if flags.contains(.ack) { json.member("acknowledgement", acknowledgement) }
        json.member("payloadBytes", payloadLength)
        json.member("window", window)
        json.member("timeToLive", timeToLive)
        json.member("identification", identification)
        json.member("maximumSegment", maximumSegment)
        json.member("windowScale", windowScale)
        json.member(
            "options",
            array: { json in
                for kind in 0..<64 where optionKinds & 1 << UInt64(kind) != 0 { json.value(kind) }
            }
        )
    }
}
