public import FerryCore

extension Flow {
    /// Writes the members of the flow's record; docs/manual/capture.md says what each means.
    public func write(to json: inout JSONText) {
        json.member("flow", number)
        json.member("client", object: client.end.write)
        json.member("server", object: server.end.write)
        json.member("start", start.utc.description)
        json.member("durationMilliseconds", JSONNumber.milliseconds(duration))
        json.member("firstPacket", firstPacket)
        json.member("packets", packets)
        json.member("connState", connectionState)
        json.member("history", history)
        json.member("completeness", completeness)
        json.member("reusesPorts", reusesPorts)
        json.member("evicted", isEvicted)
        json.member("handshake", object: writeHandshake)
        if let ending { json.member("end", object: { ending.write(to: &$0, start: start) }) }
        // A FIN before does not make a RST less interesting.
        let resets = [close.clientReset, close.serverReset].compactMap { $0 }
        if !resets.isEmpty {
            json.member(
                "resets",
                array: { json in
                    for reset in resets { json.object { reset.write(to: &$0, start: start) } }
                }
            )
        }
        json.member(
            "forgery",
            object: { json in
                json.member("verdict", forgery.verdict.rawValue)
                json.member("signs", array: { json in for name in forgery.names { json.value(name) } })
            }
        )
        json.member("fromClient", object: client.write)
        json.member("fromServer", object: server.write)
        if let first = complaints.first {
            json.member(
                "icmp",
                object: { json in
                    json.member("count", complaints.count)
                    first.write(to: &json, start: start)
                }
            )
        }
        if longestPause > 0 {
            json.member(
                "longestPause",
                object: { json in
                    json.member("atMilliseconds", JSONNumber.milliseconds(pauseStart - start))
                    json.member("lengthMilliseconds", JSONNumber.milliseconds(longestPause))
                }
            )
        }
        json.member(
            "troubles",
            array: { json in
                for trouble in troubles {
                    json.object {
                        $0.member("kind", trouble.kind.rawValue)
                        $0.member("text", trouble.text)
                    }
                }
            }
        )
    }

    private func writeHandshake(_ json: inout JSONText) {
        json.member("syns", client.synCount)
        json.member("answers", server.synCount)
        json.member("isComplete", isEstablished)
        if handshake.hasWrongAnswer { json.member("wrongAnswer", true) }
        let times: [(String, Int64?)] = [
            ("serverRoundTripMilliseconds", serverRoundTrip),
            ("clientRoundTripMilliseconds", handshake.clientRoundTrip(answerCount: server.synCount)),
            ("firstRoundTripMilliseconds", handshake.firstRoundTrip == 0 ? nil : handshake.firstRoundTrip),
        ]
        for (name, time) in times { if let time { json.member(name, JSONNumber.milliseconds(time)) } }
    }
}

/// Times as JSON has them.
enum JSONNumber {
    /// Nanoseconds as milliseconds.
    static func milliseconds(_ nanoseconds: Int64) -> Double { Double(nanoseconds) / 1e6 }
}

extension FlowEnd {
    func write(to json: inout JSONText) {
        json.member("address", address.description)
        json.member("port", port)
    }
}

extension FlowEnding {
    func write(to json: inout JSONText, start: PacketTime) {
        json.member("by", isClient ? "client" : "server")
        json.member("how", kind.rawValue)
        json.member("atMilliseconds", JSONNumber.milliseconds(time - start))
        json.member("packet", number)
        json.member("timeToLive", timeToLive)
        json.member("identification", identification)
        json.member("sequenceOffset", sequenceOffset)
        json.member("acknowledgementOffset", acknowledgementOffset)
        json.member("window", window)
        json.member("hasOptions", hasOptions)
        json.member("repeats", repeats)
        json.member("packetsAfter", packetsAfter)
    }
}

extension Complaint {
    func write(to json: inout JSONText, start: PacketTime) {
        json.member("from", sender.description)
        json.member("atMilliseconds", JSONNumber.milliseconds(time - start))
        json.member("packet", number)
        json.member("type", type)
        json.member("code", code)
        json.member("meaning", meaning)
        json.member("nextHopMTU", nextHopMTU)
        json.member("timeToLive", timeToLive)
        json.member("quotedTimeToLive", quotedTimeToLive)
    }
}

extension FlowSide {
    func write(to json: inout JSONText) {
        json.member("packets", packets)
        json.member("ipBytes", ipBytes)
        json.member("payloadBytes", payloadBytes)
        json.member("newBytes", newBytes)
        json.member("missingBytes", seen.missing + seen.holes)
        json.member("dataPackets", dataPackets)
        json.member("largestPayload", largestPayload)
        json.member("syns", synCount)
        json.member("fins", finCount)
        json.member("rsts", rstCount)
        json.member("retransmissions", retransmissions)
        json.member(
            "marks",
            object: { json in
                for (mark, name, _) in SegmentMarks.names where marks[mark] > 0 { json.member(name, marks[mark]) }
            }
        )
        json.member("duplicateReports", duplicateReports)
        json.member("congestionMarks", congestionMarks)
        json.member("zeroWindowMilliseconds", JSONNumber.milliseconds(zeroWindowTime))
        if let timesToLive {
            json.member(
                "timeToLive",
                object: { json in
                    json.member("least", timesToLive.lowerBound)
                    json.member("greatest", timesToLive.upperBound)
                }
            )
        }
        if let windows {
            json.member(
                "window",
                object: { json in
                    json.member("least", windows.lowerBound)
                    json.member("greatest", windows.upperBound)
                }
            )
        }
        if let opening { json.member("opening", object: opening.write) }
        if roundTrips.statistic.count > 0 { json.member("roundTrip", object: roundTrips.statistic.write) }
    }
}

extension FlowSide.Opening {
    func write(to json: inout JSONText) {
        json.member("sequence", sequence)
        json.member("window", window)
        json.member("timeToLive", timeToLive)
        json.member("maximumSegment", options.maximumSegment)
        json.member("windowScale", options.windowScale)
        json.member("permitsSACK", options.permitsSACK)
        json.member("timestamps", options.timestamp != nil)
        json.member("asksForECN", flags.contains(.ece))
        json.member(
            "options",
            array: { json in
                for kind in 0..<64 where options.kinds & 1 << UInt64(kind) != 0 { json.value(kind) }
            }
        )
        if options.isMalformed { json.member("malformedOptions", true) }
    }
}

extension TimeStatistic {
    func write(to json: inout JSONText) {
        json.member("samples", count)
        json.member("leastMilliseconds", JSONNumber.milliseconds(least))
        json.member("medianMilliseconds", JSONNumber.milliseconds(quantile(0.5)))
        json.member("p95Milliseconds", JSONNumber.milliseconds(quantile(0.95)))
        json.member("meanMilliseconds", JSONNumber.milliseconds(mean))
        json.member("greatestMilliseconds", JSONNumber.milliseconds(greatest))
    }
}

extension CaptureTally {
    /// Writes the members of the capture's own record.
    public func write(to json: inout JSONText) {
        json.member("packets", packets)
        json.member("wireBytes", wireBytes)
        json.member("capturedBytes", capturedBytes)
        if let times {
            json.member("start", times.lowerBound.utc.description)
            json.member("end", times.upperBound.utc.description)
        }
        json.member("segments", segments)
        json.member("icmpErrors", errors)
        json.member("strangeICMPErrors", strangeErrors)
        json.member("fragments", fragments)
        json.member("unfinishedDatagrams", unfinishedDatagrams)
        json.member("otherIP", others)
        json.member("notIP", notIP)
        json.member("truncated", truncated)
        json.member("malformed", malformed)
        json.member("unknownLink", unknownLink)
    }
}
