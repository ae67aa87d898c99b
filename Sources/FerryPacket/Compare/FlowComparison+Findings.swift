extension FlowComparison {
    /// What happened between the two captures, as sentences without a full stop; none if all came as it was sent.
    public var findings: [String] {
        var found: [String] = []
        if isTerminated {
            return ["the two ends have connections of their own: something on the way ends each of them"]
        }
        if !alsoAs.isEmpty {
            let ends = alsoAs.map(\.description).joined(separator: ", ")
            found.append("some of its packets have other addresses in one capture: \(ends)")
        }
        if rewritesSequence { found.append("sequence numbers are rewritten on the way") }
        found += texts(toServer, from: "client", to: "server")
        found += texts(toClient, from: "server", to: "client")
        return found
    }

    /// Whether something arrived that was never sent.
    public var provesForgery: Bool { !isTerminated && (!toServer.forged.isEmpty || !toClient.forged.isEmpty) }

    private func texts(_ direction: DirectionComparison, from sender: String, to receiver: String) -> [String] {
        var found: [String] = []
        let forged = direction.forged
        if let first = forged.first {
            let which = forged.count == 1 ? "a packet" : "\(forged.count) packets"
            found.append(
                "\(which) arrived at the \(receiver) that the \(sender) never sent: \(tell(first)), time to live "
                    + "\(first.timeToLive)\(forged.count > 1 ? ", and others" : ""); something on the way forged it"
            )
        }
        let lost = direction.lost
        if let first = lost.first {
            let which = lost.count == 1 ? "1 packet" : "\(lost.count) packets"
            found.append(
                "\(which) of \(direction.sentCount) of the \(sender) never arrived at the \(receiver): \(tell(first))"
                    + (lost.count > 1 ? " was the first" : "")
            )
        }
        if direction.duplicates > 0 {
            found.append("\(PacketText.count(direction.duplicates, "packet")) of the \(sender) came twice")
        }
        for (changes, count) in direction.changeCounts {
            found.append(
                "\(PacketText.count(count, "packet")) of the \(sender) arrived changed: \(changes.names.joined(separator: ", "))"
            )
        }
        return found
    }

    private func tell(_ segment: RecordedSegment) -> String {
        let data = segment.payloadLength > 0 ? " with \(segment.payloadLength) bytes" : ""
        return "\(segment.flags)\(data) (packet \(segment.number))"
    }
}
