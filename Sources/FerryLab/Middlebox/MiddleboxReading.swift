internal import FerryCore

extension MiddleboxSettings {
    /// The keys by which a file names the kinds.
    static let kinds = [
        "policy", "injector", "sessions", "source-check", "answerer", "stripper", "flow-shaper", "scrubbing",
        "outage",
    ]

    /// Reads what a file says of one middlebox; nil, with a note, if it is of no kind.
    init?(_ reader: LabFileReader) {
        guard let kind = Self.kinds.first(where: { reader.has($0) }), let below = reader.mapping(kind) else {
            reader.problem("a middlebox needs one of \(Self.kinds.joined(separator: ", ")), with what it does")
            return nil
        }
        switch kind {
        case "policy": self = .policy(AntiAbusePolicy.Settings(below))
        case "injector": self = .injector(Injector.Settings(below))
        case "sessions": self = .sessions(SessionTable.Settings(below))
        case "source-check": self = .sourceCheck(SourceCheck.Settings(below))
        case "answerer": self = .answerer(HandshakeAnswerer.Settings(below))
        case "stripper": self = .stripper(OptionStripper.Settings(below))
        case "flow-shaper": self = .flowShaper(FlowShaper.Settings(below))
        case "outage": self = .outage(Outage.Settings(below))
        default: self = .scrubbing(ScrubbingCap.Settings(below))
        }
        below.finish()
    }
}

extension SegmentMatch {
    init(_ reader: LabFileReader) {
        port = reader.whole("port", 1...65535).map { UInt16($0) }
        near = reader.parsed("near", "a network, as 198.18.0.0/16") { AddressRange($0) }
    }
}

extension Injector.Settings {
    fileprivate init(_ reader: LabFileReader) {
        match = SegmentMatch(reader)
        let words = ["request", "handshake", "content"]
        if let text = reader.text("text") {
            cause = .text(Array(text.utf8))
        } else if let bytes = reader.bytes("bytes") {
            cause = .bytes(bytes)
        } else {
            let word = reader.parsed("on", "one of \(words.joined(separator: ", "))") {
                words.contains($0) ? $0 : nil
            }
            cause = word == "request" ? .request : word == "handshake" ? .handshake : .content
        }
        ending = reader.word("does", FlowEnding.self) ?? .reset
        told = reader.word("tells", FlowEnding.Told.self) ?? .both
        count = reader.whole("count", 1...16) ?? 1
        step = UInt32(reader.whole("step", 0...1_000_000) ?? 0)
        if reader.text("ttl") == "copied" {
            timeToLive = nil
        } else {
            timeToLive = UInt8(reader.whole("ttl", 1...255) ?? 64)
        }
        copiesIdentification = reader.flag("copiesIdentification") ?? false
        stands = reader.flag("inPath") ?? false
        residue = reader.duration("residue") ?? .zero
        residueEnding = reader.word("residueDoes", FlowEnding.self) ?? .drop
    }
}

extension SessionTable.Settings {
    fileprivate init(_ reader: LabFileReader) {
        match = SegmentMatch(reader)
        idle = reader.duration("idle")
        idleEnding = reader.word("idleDoes", FlowEnding.self) ?? .drop
        lifetime = reader.duration("lifetime")
        bytes = reader.bytes("bytes")
        quota = reader.bytes("quota")
        most = reader.whole("most", 1...100_000)
        mostIsOfAll = reader.flag("mostIsOfAll") ?? false
        ending = reader.word("does", FlowEnding.self) ?? .drop
        told = reader.word("tells", FlowEnding.Told.self) ?? .both
        if idle == nil, lifetime == nil, bytes == nil, quota == nil, most == nil {
            reader.problem("a session table needs \"idle\", \"lifetime\", \"bytes\", \"quota\" or \"most\"")
        }
    }
}

extension SourceCheck.Settings {
    fileprivate init(_ reader: LabFileReader) {
        match = SegmentMatch(reader)
        question = reader.word("by", Question.self) ?? .firstDrop
        memory = reader.duration("memory") ?? .seconds(60)
    }
}

extension HandshakeAnswerer.Settings {
    fileprivate init(_ reader: LabFileReader) {
        match = SegmentMatch(reader)
        ending = reader.word("then", FlowEnding.self) ?? .drop
        waitsForContent = reader.flag("waitsForContent") ?? false
        window = UInt16(reader.whole("window", 0...65535) ?? 0)
        timeToLive = UInt8(reader.whole("ttl", 1...255) ?? 64)
    }
}

extension OptionStripper.Settings {
    fileprivate init(_ reader: LabFileReader) {
        match = SegmentMatch(reader)
        for name in reader.texts("options") {
            guard let number = Self.known[name] else {
                let known = Self.known.keys.sorted().joined(separator: ", ")
                reader.problem("\"\(name)\" is not one of \(known)", at: "options")
                continue
            }
            options.insert(number)
        }
        if options.isEmpty { reader.problem("\"options\" is missing") }
        inRequests = reader.flag("inRequests") ?? true
        inAnswers = reader.flag("inAnswers") ?? true
    }
}

extension FlowShaper.Settings {
    fileprivate init(_ reader: LabFileReader) {
        match = SegmentMatch(reader)
        rate = reader.rate("rate") ?? rate
        queue = reader.bytes("queue") ?? queue
        if rate.bitsPerSecond == 0 { reader.problem("a rate has to be more than nothing", at: "rate") }
    }
}

extension Outage.Settings {
    fileprivate init(_ reader: LabFileReader) {
        let match = SegmentMatch(reader)
        self.match = match == SegmentMatch() ? nil : match
        begins = reader.duration("begins") ?? .zero
        lasts = reader.duration("lasts") ?? lasts
        every = reader.duration("every")
    }
}

extension ScrubbingCap.Settings {
    fileprivate init(_ reader: LabFileReader) {
        threshold = reader.rate("threshold") ?? threshold
        cap = reader.rate("cap") ?? cap
        lasts = reader.duration("lasts") ?? lasts
        if threshold.bitsPerSecond == 0 { reader.problem("a threshold has to be more than nothing", at: "threshold") }
    }
}
