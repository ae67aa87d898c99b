internal import FerryCore
internal import NIOCore

/// Reads the fields of one message, and says which message it was when one is missing.
struct FieldReader {
    /// Bytes of the longest text.
    static let longestText = 4096

    var buffer: ByteBuffer
    let message: String

    init(_ buffer: ByteBuffer, _ message: String) {
        self.buffer = buffer
        self.message = message
    }

    mutating func integer<Value: FixedWidthInteger>(_ type: Value.Type = Value.self) throws(FerryError) -> Value {
        guard let value = buffer.readInteger(as: Value.self) else { throw tooShort }
        return value
    }

    mutating func text() throws(FerryError) -> String {
        let length = Int(try integer(UInt16.self))
        guard length <= FieldReader.longestText else { throw WireError.malformed(message, "a text of it is too long") }
        guard let bytes = buffer.readSlice(length: length) else { throw tooShort }
        guard let text = String(validating: bytes.readableBytesView, as: UTF8.self) else {
            throw WireError.malformed(message, "a text of it is not UTF-8")
        }
        return text
    }

    mutating func flag() throws(FerryError) -> Bool {
        let value: UInt8 = try integer()
        guard value <= 1 else { throw WireError.malformed(message, "a flag of it is neither 0 nor 1") }
        return value == 1
    }

    /// `count` bits, the lowest of a byte first; what the last byte has beyond them is zero.
    mutating func bits(_ count: Int) throws(FerryError) -> [UInt8] {
        let bits = try bytes((count + 7) / 8)
        if let last = bits.last, count % 8 != 0, last >> UInt8(count % 8) != 0 {
            throw WireError.malformed(message, "it has bits that stand for nothing")
        }
        return bits
    }

    mutating func digest() throws(FerryError) -> Digest {
        guard
            let digest = buffer.readWithUnsafeReadableBytes({ bytes -> (Int, Digest?) in
                guard bytes.count >= Digest.byteCount else { return (0, nil) }
                return (Digest.byteCount, Digest(bytes: bytes))
            })
        else { throw tooShort }
        return digest
    }

    /// A moment that can be written as a date: a peer may send any number.
    mutating func time() throws(FerryError) -> UTCTime {
        let microseconds: Int64 = try integer()
        let latest: Int64 = 253_402_300_799_999_999
        return UTCTime(microseconds: min(max(0, microseconds), latest))
    }

    mutating func bytes(_ length: Int) throws(FerryError) -> [UInt8] {
        guard let bytes = buffer.readBytes(length: length) else { throw tooShort }
        return bytes
    }

    mutating func rest() -> ByteBuffer {
        let rest = buffer.slice()
        buffer.moveReaderIndex(to: buffer.writerIndex)
        return rest
    }

    /// Nothing may follow the last field: what a later version adds, it adds as a message or a version.
    func end() throws(FerryError) {
        guard buffer.readableBytes == 0 else { throw WireError.malformed(message, "it is longer than its fields") }
    }

    private var tooShort: FerryError { WireError.malformed(message, "it ends before its last field") }
}

extension ByteBuffer {
    /// A text that is too long is cut between two characters: half of one would be refused.
    mutating func writeText(_ text: String) {
        let utf8 = text.utf8
        var end =
            utf8.index(utf8.startIndex, offsetBy: FieldReader.longestText, limitedBy: utf8.endIndex) ?? utf8.endIndex
        while end < utf8.endIndex, UTF8.isContinuation(utf8[end]) { end = utf8.index(before: end) }
        let bytes = utf8[..<end]
        writeInteger(UInt16(bytes.count))
        writeBytes(bytes)
    }

    mutating func writeDigest(_ digest: Digest) {
        digest.withBytes { _ = writeBytes($0) }
    }
}
