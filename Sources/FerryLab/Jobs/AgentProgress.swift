internal import Foundation

/// What the events of an agent tell of its job, as far as they have been read.
public struct AgentProgress: Sendable, Equatable {
    /// Frames that it gave to connections, in bytes, before TLS.
    public private(set) var sentBytes = 0
    /// Content that it packed and sent, in bytes.
    public private(set) var contentBytes = 0
    /// Content that the staging server had already, in bytes.
    public private(set) var alreadyThereBytes = 0
    /// Admitted connections that ended before the job.
    public private(set) var interruptions = 0
    /// The last generation that was verified, of each disk.
    public private(set) var generations: [String: Int] = [:]
    /// What the last connection that ended says.
    public private(set) var lastTrouble: String?
    private var rest: [UInt8] = []

    /// Nothing yet.
    public init() {}

    private struct Event: Decodable {
        var event: String
        var disk: String?
        var generation: Int?
        var sentBytes: Int?
        var contentBytes: Int?
        var alreadyThereBytes: Int?
        var interruptions: Int?
        var code: String?
        var says: String?
    }

    /// Takes what was added to the file of events; the last line may still be incomplete.
    mutating func take(_ bytes: [UInt8]) {
        rest += bytes
        guard let end = rest.lastIndex(of: 0x0A) else { return }
        let decoder = JSONDecoder()
        for line in rest[..<end].split(separator: 0x0A) {
            // What is no event is for people.
            if let event = try? decoder.decode(Event.self, from: Data(line)) { take(event) }
        }
        rest.removeFirst(end + 1)
    }

    private mutating func take(_ event: Event) {
        switch event.event {
        case "progress":
            sentBytes = event.sentBytes ?? sentBytes
            contentBytes = event.contentBytes ?? contentBytes
            alreadyThereBytes = event.alreadyThereBytes ?? alreadyThereBytes
            interruptions = event.interruptions ?? interruptions
        case "verified":
            if let disk = event.disk { generations[disk] = event.generation ?? 1 }
        case "lane-ended":
            lastTrouble = event.says ?? event.code
        default: break
        }
    }
}
