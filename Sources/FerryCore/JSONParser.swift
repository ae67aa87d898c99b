extension ErrorCode {
    /// A text is not JSON, or not the JSON that was expected.
    public static let badJSON = ErrorCode("input.json", .input)
}

extension JSONValue {
    /// Reads one JSON value (RFC 8259) that fills `bytes`.
    /// - Parameters:
    ///   - bytes: UTF-8; what is not valid in strings is replaced.
    ///   - source: what it is, for errors: a file's name or a peer's.
    /// - Throws: `FerryError` with `ErrorCode.badJSON` and the byte where reading stopped. Values nested deeper than 64 are
    ///   refused, so that no text can exhaust the stack.
    public init(parsing bytes: some Collection<UInt8>, from source: String) throws(FerryError) {
        var parser = JSONParser(bytes: Array(bytes), source: source)
        self = try parser.document()
    }

    /// Reads one JSON value that fills `text`.
    public init(parsing text: String, from source: String) throws(FerryError) {
        try self.init(parsing: text.utf8, from: source)
    }
}

struct JSONParser {
    let bytes: [UInt8]
    let source: String
    private var position = 0
    private var depth = 0

    init(bytes: [UInt8], source: String) {
        self.bytes = bytes
        self.source = source
    }

    mutating func document() throws(FerryError) -> JSONValue {
        let value = try value()
        skipSpace()
        guard position == bytes.count else { throw wrong("something follows the value") }
        return value
    }

    private mutating func value() throws(FerryError) -> JSONValue {
        skipSpace()
        switch peek {
        case UInt8(ascii: "{"): return try object()
        case UInt8(ascii: "["): return try array()
        case UInt8(ascii: "\""): return .text(try string())
        case UInt8(ascii: "t"): return try word("true", .flag(true))
        case UInt8(ascii: "f"): return try word("false", .flag(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        default: return try number()
        }
    }

    private var peek: UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func skipSpace() {
        while let byte = peek, byte == 0x20 || (0x9...0xD).contains(byte) { position += 1 }
    }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        skipSpace()
        guard peek == UInt8(ascii: character) else { return false }
        position += 1
        return true
    }

    private mutating func deeper() throws(FerryError) {
        depth += 1
        if depth > 64 { throw wrong("it is nested deeper than 64 values") }
    }

    private mutating func object() throws(FerryError) -> JSONValue {
        try deeper()
        position += 1
        var members: [JSONValue.Member] = []
        if take("}") {
            depth -= 1
            return .object([])
        }
        while true {
            skipSpace()
            guard peek == UInt8(ascii: "\"") else { throw wrong("a member's name is missing") }
            let name = try string()
            guard take(":") else { throw wrong("\":\" is missing") }
            members.append(JSONValue.Member(name, try value()))
            if take(",") { continue }
            guard take("}") else { throw wrong("\",\" or \"}\" is missing") }
            depth -= 1
            return .object(members)
        }
    }

    private mutating func array() throws(FerryError) -> JSONValue {
        try deeper()
        position += 1
        var values: [JSONValue] = []
        if take("]") {
            depth -= 1
            return .array([])
        }
        while true {
            values.append(try value())
            if take(",") { continue }
            guard take("]") else { throw wrong("\",\" or \"]\" is missing") }
            depth -= 1
            return .array(values)
        }
    }

    private mutating func word(_ word: String, _ value: JSONValue) throws(FerryError) -> JSONValue {
        guard bytes[position...].starts(with: word.utf8) else { throw wrong("this is no value") }
        position += word.utf8.count
        return value
    }

    private mutating func number() throws(FerryError) -> JSONValue {
        let start = position
        while let byte = peek, UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte || "+-.eE".utf8.contains(byte) {
            position += 1
        }
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        if let whole = Int64(text) { return .integer(whole) }
        guard let number = Double(text), number.isFinite, text.first != "+", text.first != "." else {
            position = start
            throw wrong("this is no value")
        }
        return .number(number)
    }

    private mutating func string() throws(FerryError) -> String {
        position += 1
        var text: [UInt8] = []
        while let byte = peek {
            position += 1
            switch byte {
            case UInt8(ascii: "\""): return String(decoding: text, as: UTF8.self)
            case UInt8(ascii: "\\"): try escape(into: &text)
            default: text.append(byte)
            }
        }
        throw wrong("the string does not end")
    }

    private mutating func escape(into text: inout [UInt8]) throws(FerryError) {
        guard let byte = peek else { throw wrong("the string does not end") }
        position += 1
        switch byte {
        case UInt8(ascii: "n"): text.append(0xA)
        case UInt8(ascii: "r"): text.append(0xD)
        case UInt8(ascii: "t"): text.append(0x9)
        case UInt8(ascii: "b"): text.append(0x8)
        case UInt8(ascii: "f"): text.append(0xC)
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(byte)
        case UInt8(ascii: "u"):
            var code = try unit()
            if 0xD800..<0xDC00 ~= code, bytes[position...].starts(with: "\\u".utf8) {
                position += 2
                let low = try unit()
                if 0xDC00..<0xE000 ~= low { code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00) }
            }
            let scalar = Unicode.Scalar(code) ?? "\u{FFFD}"
            text.append(contentsOf: String(Character(scalar)).utf8)
        default: throw wrong("\\ is followed by something that it does not go with")
        }
    }

    private mutating func unit() throws(FerryError) -> UInt32 {
        guard position + 4 <= bytes.count,
            let code = UInt32(String(decoding: bytes[position..<position + 4], as: UTF8.self), radix: 16)
        else { throw wrong("\\u is not followed by four hexadecimal digits") }
        position += 4
        return code
    }

    private func wrong(_ cause: String) -> FerryError {
        FerryError(
            .badJSON,
            operation: "read",
            subject: "\(source) at byte \(position)",
            cause: cause,
            advice: "It has to be JSON as RFC 8259 describes it."
        )
    }
}
