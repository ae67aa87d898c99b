internal import FerryCore
internal import NIOCore

/// Reads the fields of one message, and says which message it was when one is missing.
struct FieldReader {
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

    mutating func text(atMost longest: Int = 4096) throws(FerryError) -> String {
        let length = Int(try integer(UInt16.self))
        guard length <= longest else { throw WireError.malformed(message, "a text of it is too long") }
        guard let text = buffer.readString(length: length) else { throw tooShort }
        return text
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
    mutating func writeText(_ text: String) {
        let bytes = text.utf8.prefix(4096)
        writeInteger(UInt16(bytes.count))
        writeBytes(bytes)
    }

    mutating func writeDigest(_ digest: Digest) {
        digest.withBytes { _ = writeBytes($0) }
    }
}
