/// A connection to the suspect as a capture of its natural life has it: nobody had asked for it.
public struct CapturedConnection: Codable, Sendable, Equatable {
    /// When it began, RFC 3339.
    public var startedAt: String
    /// Seconds from its first packet to its last.
    public var seconds: Double
    /// The client's address and port.
    public var source: String
    /// The server's address and port.
    public var destination: String
    /// What it came to.
    public var outcome: ProbeOutcome
    /// Bytes of new content from the client.
    public var bytesSent: Int
    /// Whether the first packet that ends it came in the server's name.
    public var isEndedByServer: Bool
    /// Signs that somebody else sent that packet, in the words of `ferry capture`.
    public var signs: [String]
    /// Whether among them is one that no host gives by itself.
    public var isForged: Bool
    /// Whether that packet's time to live is that of the server's other packets; nil if there is nothing to compare.
    public var endComesFromAsFar: Bool?
    /// Whether the server did not agree on window scaling, which the client had offered; nil where that was not seen.
    public var lacksWindowScale: Bool?
    /// The same of selective acknowledgement.
    public var lacksSelectiveAcknowledgement: Bool?

    /// A connection from `source` to `destination`.
    public init(startedAt: String, seconds: Double, source: String, destination: String, outcome: ProbeOutcome) {
        self.startedAt = startedAt
        self.seconds = seconds
        self.source = source
        self.destination = destination
        self.outcome = outcome
        bytesSent = 0
        isEndedByServer = false
        signs = []
        isForged = false
    }
}
