/// What whoever diagnoses a scenario is given. Without a word about it: everything.
public struct Grants: Sendable, Equatable {
    /// Something that the tier would give, and this operator does not.
    public enum Withheld: String, Sendable, CaseIterable {
        /// Addresses to leave by other than the usual one.
        case secondAddress = "second-address"
        /// A vantage in the cloud, beside the staging servers.
        case inRegion = "in-region"
        /// A vantage on the staging server.
        case staging
        /// A vantage somewhere else on the Internet.
        case elsewhere
        /// A vantage at the customer's outermost device.
        case edge
        /// The provider's block records.
        case records
        /// The mover's own event log.
        case history
        /// What the uplink carried.
        case monitor
        /// Destinations other than the staging server.
        case otherDestinations = "other-destinations"
        /// Ports that the same service answers at.
        case alternatePorts = "alternate-ports"
    }

    /// An experiment that needs the operator's yes.
    public enum Permission: String, Sendable, CaseIterable {
        /// Leaving by another address.
        case sourceAddressSwap = "source-address-swap"
        /// Filling the line for a while.
        case rateTest = "rate-test"
        /// Keeping all traffic away for a while.
        case silence
    }

    /// The privilege tier: 0 unprivileged, 1 with capture at the source, 2 with a vantage on the staging side, 3 with provider
    /// records.
    public var tier = 3
    /// What is kept back all the same.
    public var without: Set<Withheld> = []
    /// What may be done.
    public var allow = Permission.allCases
    /// How many minutes a diagnosis may take, before the lab's time scale.
    public var minutes = 10.0
    /// How many connections it may make to the suspect.
    public var suspectConnects = 8

    /// Everything.
    public init() {}
}

extension Grants {
    init(_ reader: LabFileReader) {
        if let value = reader.parsed(
            "tier",
            "a tier from 0 to 3",
            { Int($0).flatMap { (0...3).contains($0) ? $0 : nil } }
        ) {
            tier = value
        }
        without = Set(Self.words(reader, "without"))
        if reader.has("allow") { allow = Self.words(reader, "allow") }
        if let below = reader.mapping("budget") {
            let aCount = "a number of connections from 1 to 10000"
            if let value = below.parsed("minutes", "a number of minutes over 0", Self.minutes) { minutes = value }
            if let value = below.parsed(
                "suspectConnects",
                aCount,
                { Int($0).flatMap { (1...10000).contains($0) ? $0 : nil } }
            ) {
                suspectConnects = value
            }
            below.finish()
        }
        reader.finish()
    }

    private static func minutes(_ text: String) -> Double? {
        Double(text).flatMap { $0 > 0 && $0 <= 1440 ? $0 : nil }
    }

    private static func words<Word: RawRepresentable<String> & CaseIterable>(
        _ reader: LabFileReader,
        _ key: String
    ) -> [Word] {
        let known = Word.allCases.map(\.rawValue).joined(separator: ", ")
        return reader.texts(key).compactMap { text in
            let word = Word(rawValue: text)
            if word == nil { reader.problem("\"\(text)\" is not one of \(known)", at: key) }
            return word
        }
    }
}
