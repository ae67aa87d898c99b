internal import FerryAddress

/// A name server's answer, decoded (RFC 1035 section 4.1). Nothing in it has been believed yet.
struct DNSMessage: Equatable {
    /// The part of a record that this resolver understands.
    enum Content: Equatable {
        case address(IPAddress)
        case alias(DomainName)
        case other
    }

    /// One record of the answer section.
    struct Record: Equatable {
        var name: DomainName
        var secondsToLive: UInt32
        var content: Content
    }

    var id: UInt16
    var isTruncated: Bool
    var responseCode: UInt8
    var questionName: DomainName
    var questionType: UInt16
    var answers: [Record] = []

    /// Decodes an answer to one question; nil if it is none, or if any part of it lies outside of `bytes`.
    init?(_ bytes: [UInt8]) {
        var reader = DNSReader(bytes)
        guard let id = reader.word(), let flags = reader.word(), flags & 0x8000 != 0, flags & 0x7800 == 0,
            let questions = reader.word(), questions == 1, let answers = reader.word(),
            reader.word() != nil, reader.word() != nil,
            let name = reader.name(), let type = reader.word(), let family = reader.word(), family == 1
        else { return nil }
        self.id = id
        isTruncated = flags & 0x0200 != 0
        responseCode = UInt8(flags & 15)
        questionName = name
        questionType = type
        for _ in 0..<answers {
            guard let record = DNSMessage.record(&reader) else {
                // What was cut off is asked for again over TCP; anything else that ends early is a bad answer.
                if isTruncated { return }
                return nil
            }
            self.answers.append(record)
        }
    }

    private static func record(_ reader: inout DNSReader) -> Record? {
        guard let name = reader.name(), let type = reader.word(), let family = reader.word(),
            let high = reader.word(), let low = reader.word(), let length = reader.word(),
            let end = reader.end(ofNext: Int(length))
        else { return nil }
        var content = Content.other
        switch (family, type) {
        case (1, AddressFamily.a.rawValue), (1, AddressFamily.aaaa.rawValue):
            let expected = type == AddressFamily.a.rawValue ? 4 : 16
            guard length == expected, let data = reader.bytes(expected), let address = IPAddress(bytes: data) else {
                return nil
            }
            content = .address(address)
        case (1, 5):
            guard let target = reader.name(), reader.position == end else { return nil }
            content = .alias(target)
        default: reader.position = end
        }
        return Record(name: name, secondsToLive: UInt32(high) << 16 | UInt32(low), content: content)
    }

    /// Whether this answers `query` and not somebody's guess at it.
    func answers(_ query: DNSQuery) -> Bool {
        id == query.id && questionName == query.name && questionType == query.family.rawValue
    }
}
