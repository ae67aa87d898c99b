internal import FerryCore

/// Text that an agent gave, as printable ASCII on one line: what else there is becomes `%` and two digits for each
/// byte. Nobody's terminal or parser is asked to be careful.
enum PrintableText {
    static func escaped(_ text: String) -> String {
        var line: [UInt8] = []
        for byte in text.utf8 {
            if (0x20...0x7E).contains(byte), byte != UInt8(ascii: "%") {
                line.append(byte)
            } else {
                line.append(UInt8(ascii: "%"))
                line.append(contentsOf: Hexadecimal.text([byte]).utf8)
            }
        }
        return String(decoding: line, as: UTF8.self)
    }

    /// The text that was escaped; nil if the bytes are no UTF-8 or `line` is not what `escaped` writes.
    static func unescaped(_ line: some StringProtocol) -> String? {
        var bytes: [UInt8] = []
        var rest = Array(line.utf8)[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%") {
                guard let code = Hexadecimal.bytes(String(decoding: rest.prefix(2), as: UTF8.self)), code.count == 1
                else { return nil }
                bytes += code
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte)
            }
        }
        guard let text = String(validating: bytes, as: UTF8.self), escaped(text) == line else { return nil }
        return text
    }
}
