internal import FerryCore

/// What a service does in place of its work, while a fault has it so.
enum ServiceBehaviour: Sendable, Equatable {
    /// Its work.
    case works
    /// It is not there: nothing listens.
    case isStopped
    /// It takes no connection, and there is room for none in its queue.
    case acceptsNone
    /// It says an error in its own words and closes.
    case refuses
    /// It takes a connection and resets it.
    case resets
    /// It takes a connection and closes it.
    case closes
    /// It takes a connection and says nothing.
    case isSilent
    /// It speaks, and then reads nothing.
    case readsNothing
    /// It speaks only after so long.
    case speaksAfter(Duration)
    /// It closes a connection that was idle for so long.
    case closesAfter(Duration)

    /// Reads `stopped`, or for those with a time `{ closesAfter: 2s }`.
    init?(_ reader: LabFileReader) {
        let words: [String: ServiceBehaviour] = [
            "stopped": .isStopped, "accepts-none": .acceptsNone, "refuses": .refuses, "resets": .resets,
            "closes": .closes, "silent": .isSilent, "reads-nothing": .readsNothing,
        ]
        let known = words.keys.sorted().joined(separator: ", ")
        let word = reader.parsed("does", "one of \(known)") { words[$0] }
        let speaks = reader.duration("speaksAfter")
        let closes = reader.duration("closesAfter")
        guard let behaviour = word ?? speaks.map({ .speaksAfter($0) }) ?? closes.map({ .closesAfter($0) }) else {
            reader.problem("a service needs \"does\" (one of \(known)), \"speaksAfter\" or \"closesAfter\"")
            return nil
        }
        self = behaviour
    }
}
