internal import FerryCore
internal import FerryPacket

extension EnglishWording {
    var captures: String { "Captures" }
    var capturesIntroduction: String {
        "connections to the suspect with something to look at, and their packets around the end. → is from who asked for the connection, ← from who was asked; sequence numbers count from the first of each. A marked time to live is one that none of the sender's other packets has."
    }
    var sentenceSpace: String { " " }
    func captureCounts(packets: Int, connections: Int, concerned: Int, troubled: Int) -> String {
        let trouble = concerned == 0 ? "" : "; something to look at in \(troubled)"
        return
            "\(count(packets, "packet")) of \(count(connections, "connection")), \(concerned) of them to the suspect\(trouble)."
    }
    func captureProblem(_ problem: CaptureReading.Problem) -> String {
        switch problem {
        case .notAFile: "It is no file, and was not read."
        case .tooLarge(let bytes):
            "It has \(ByteCount(max(0, bytes))), more than what a report reads of captures; `ferry capture` reads it."
        case .unreadable(let cause): "It could not be read: \(cause)."
        case .notACapture: "It begins like no capture, and was not read."
        case .compressed(let program): "It is compressed, as by \(program), and was not read."
        case .cutShort: "It ends inside a packet; what comes before was read."
        case .damaged: "It is damaged; what comes before was read."
        case .tooManyPackets: "It has more packets than a report looks at; `ferry capture` reads all."
        }
    }
    func captureFlow(_ began: String, packets: Int, _ duration: String) -> String {
        "from \(began) on, \(count(packets, "packet")) in \(duration)."
    }
    func captureTrouble(_ trouble: FlowTrouble, _ flow: CapturedFlow) -> String {
        "\(trouble.text.prefix(1).uppercased())\(trouble.text.dropFirst())."
    }
    func captureExcerpt(before: Int, after: Int) -> String {
        let parts = [before > 0 ? "\(before) before" : "", after > 0 ? "\(after) after" : ""].filter { !$0.isEmpty }
        return "Of its packets, \(parts.joined(separator: " and ")) those below are not shown."
    }
    func excerptHeads() -> [String] {
        ["Packet", "Time (UTC)", "", "Flags", "Sequence", "Bytes", "TTL", "IP ID", "Marks"]
    }
    func sequenceCaption(ofClient: Bool) -> String {
        "Data from the \(ofClient ? "client" : "server") by time: a stroke for each segment, and how far it was acknowledged."
    }
    func sequenceTextCaption(ofClient: Bool) -> String {
        "Data from the \(ofClient ? "client" : "server") by time: a mark where segments were sent."
    }
    var sequenceData: String { "new data" }
    var sequenceAgain: String { "sent again" }
    var sequenceAcknowledged: String { "acknowledged" }

    private func count(_ number: Int, _ what: String) -> String { "\(number) \(what)\(number == 1 ? "" : "s")" }
}
