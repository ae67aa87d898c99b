/// Writes one JSON value as text, in the order it is told. The agent has no Foundation to do it.
public struct JSONText: Sendable {
    private var bytes: [UInt8] = []
    private var needsComma = false

    /// An empty text.
    public init() {}

    /// The text written so far.
    public var text: String { String(decoding: bytes, as: UTF8.self) }

    /// An object with the members that `body` writes.
    public static func object(_ body: (inout JSONText) -> Void) -> String {
        var json = JSONText()
        json.object(body)
        return json.text
    }

    /// Writes an object as a value.
    public mutating func object(_ body: (inout JSONText) -> Void) { nested("{", "}", body) }

    /// Writes an array as a value.
    public mutating func array(_ body: (inout JSONText) -> Void) { nested("[", "]", body) }

    /// Writes a member's name; the next value is its value.
    public mutating func name(_ name: String) {
        value(name)
        bytes.append(UInt8(ascii: ":"))
        needsComma = false
    }

    /// Writes a member with a string, or leaves it out if there is none.
    public mutating func member(_ name: String, _ text: String?) {
        guard let text else { return }
        self.name(name)
        value(text)
    }

    /// Writes a member with an integer, or leaves it out if there is none.
    public mutating func member(_ name: String, _ number: (some BinaryInteger)?) {
        guard let number else { return }
        self.name(name)
        raw(String(number))
    }

    /// Writes a member with a number of at most six decimals; not finite becomes `null`.
    public mutating func member(_ name: String, _ number: Double) {
        self.name(name)
        value(number)
    }

    /// Writes a member with `true` or `false`.
    public mutating func member(_ name: String, _ flag: Bool) {
        self.name(name)
        raw(flag ? "true" : "false")
    }

    /// Writes a member with an object.
    public mutating func member(_ name: String, object body: (inout JSONText) -> Void) {
        self.name(name)
        object(body)
    }

    /// Writes a member with an array.
    public mutating func member(_ name: String, array body: (inout JSONText) -> Void) {
        self.name(name)
        array(body)
    }

    /// Writes a string as a value.
    public mutating func value(_ text: String) {
        comma()
        bytes.append(UInt8(ascii: "\""))
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": bytes.append(contentsOf: "\\\"".utf8)
            case "\\": bytes.append(contentsOf: "\\\\".utf8)
            case "\n": bytes.append(contentsOf: "\\n".utf8)
            case "\r": bytes.append(contentsOf: "\\r".utf8)
            case "\t": bytes.append(contentsOf: "\\t".utf8)
            // Also those that JSON would allow and a terminal obeys.
            case "\0"..<" ", "\u{7F}"..."\u{9F}": appendEscape(UInt8(scalar.value))
            default: if let encoded = UTF8.encode(scalar) { bytes.append(contentsOf: encoded) }
            }
        }
        bytes.append(UInt8(ascii: "\""))
        needsComma = true
    }

    /// Writes an integer as a value.
    public mutating func value(_ number: some BinaryInteger) { raw(String(number)) }

    /// Writes a number of at most six decimals as a value; not finite becomes `null`.
    public mutating func value(_ number: Double) {
        guard number.isFinite, number.magnitude < 9e12 else { return raw(number.isFinite ? "\(number)" : "null") }
        let micros = Int64((number.magnitude * 1e6).rounded())
        var fraction = String(micros % 1_000_000)
        fraction = String(repeating: "0", count: 6 - fraction.count) + fraction
        while fraction.last == "0" { fraction.removeLast() }
        let sign = number < 0 && micros > 0 ? "-" : ""
        raw("\(sign)\(micros / 1_000_000)" + (fraction.isEmpty ? "" : "." + fraction))
    }

    /// Writes `true` or `false` as a value.
    public mutating func value(_ flag: Bool) { raw(flag ? "true" : "false") }

    /// Writes `null` as a value.
    public mutating func null() { raw("null") }

    private mutating func appendEscape(_ byte: UInt8) {
        let digits = Array("0123456789abcdef".utf8)
        bytes.append(contentsOf: "\\u00".utf8)
        bytes.append(contentsOf: [digits[Int(byte >> 4)], digits[Int(byte & 15)]])
    }

    private mutating func raw(_ text: String) {
        comma()
        bytes.append(contentsOf: text.utf8)
        needsComma = true
    }

    private mutating func nested(_ opening: Character, _ closing: Character, _ body: (inout JSONText) -> Void) {
        comma()
        bytes.append(contentsOf: opening.utf8)
        needsComma = false
        body(&self)
        bytes.append(contentsOf: closing.utf8)
        needsComma = true
    }

    private mutating func comma() {
        if needsComma { bytes.append(UInt8(ascii: ",")) }
        needsComma = false
    }
}
