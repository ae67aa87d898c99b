import Foundation

/// What an agent told of itself at the end: the last of its progress events.
struct AgentEvents: Equatable {
    /// By names that end with their unit.
    private(set) var figures: [String: Double] = [:]

    init() {}

    init(file: String) { self.init((try? String(contentsOfFile: file, encoding: .utf8)) ?? "") }

    /// The events in a text of one JSON object a line.
    init(_ text: String) {
        struct Event: Decodable {
            var event: String
            var sentBytes: Double?
            var sentAgainBytes: Double?
            var interruptions: Double?
            var zstdLevel: Double?
        }
        for line in text.split(separator: "\n").reversed() {
            guard let event = try? JSONDecoder().decode(Event.self, from: Data(line.utf8)) else { continue }
            guard event.event == "progress" else { continue }
            figures["agentSentBytes"] = event.sentBytes
            figures["agentSentAgainBytes"] = event.sentAgainBytes
            figures["interruptionsCount"] = event.interruptions
            figures["zstdLevel"] = event.zstdLevel
            return
        }
    }
}
