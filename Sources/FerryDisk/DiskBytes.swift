internal import FerryCore

/// Bytes read from a disk, to be taken apart. Whoever wrote them may be hostile: every access is checked, and one that
/// is out of range throws.
struct DiskBytes {
    private(set) var bytes: [UInt8]

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// Reads `count` bytes of `disk` at `offset`.
    init(of disk: some DiskReader, at offset: ByteCount, count: Int) throws(FerryError) {
        let size = disk.geometry.size.bytes
        guard count >= 0, UInt64(count) <= size, offset.bytes <= size - UInt64(count) else {
            throw DiskBytes.outOfRange("bytes \(offset.bytes)+\(count) are beyond the end of the disk")
        }
        bytes = [UInt8](repeating: 0, count: count)
        var failure: FerryError?
        bytes.withUnsafeMutableBytes { buffer in
            do throws(FerryError) {
                try disk.read(into: buffer, at: offset)
            } catch {
                failure = error
            }
        }
        if let failure { throw failure }
    }

    var count: Int { bytes.count }

    /// The integer of type `Integer` at `offset`, least significant byte first.
    func little<Integer: FixedWidthInteger & UnsignedInteger>(
        _ offset: Int,
        as type: Integer.Type = Integer.self
    ) throws(FerryError) -> Integer {
        let width = MemoryLayout<Integer>.size
        guard offset >= 0, offset <= count - width else { throw outOfRange(offset, width) }
        return bytes.withUnsafeBytes {
            Integer(littleEndian: $0.loadUnaligned(fromByteOffset: offset, as: Integer.self))
        }
    }

    /// The integer of type `Integer` at `offset`, most significant byte first.
    func big<Integer: FixedWidthInteger & UnsignedInteger>(
        _ offset: Int,
        as type: Integer.Type = Integer.self
    ) throws(FerryError) -> Integer {
        try little(offset, as: type).byteSwapped
    }

    /// The bytes from `offset` on.
    func slice(_ offset: Int, count wanted: Int) throws(FerryError) -> ArraySlice<UInt8> {
        guard offset >= 0, wanted >= 0, wanted <= count, offset <= count - wanted else {
            throw outOfRange(offset, wanted)
        }
        return bytes[offset..<(offset + wanted)]
    }

    /// Whether the ASCII text is at `offset`.
    func has(_ text: StaticString, at offset: Int) -> Bool {
        let length = text.utf8CodeUnitCount
        guard offset >= 0, offset <= count - length else { return false }
        return bytes.withUnsafeBytes { $0[offset..<(offset + length)].elementsEqual(text.description.utf8) }
    }

    /// Text of at most `count` bytes at `offset`, up to the first zero; nil if it is empty.
    func text(_ offset: Int, count: Int) throws(FerryError) -> String? {
        let text = try slice(offset, count: count).prefix { $0 != 0 }
        return text.isEmpty ? nil : String(decoding: text, as: UTF8.self)
    }

    /// The sixteen bytes at `offset` as a UUID in lower case; nil if all are zero.
    func uuid(_ offset: Int) throws(FerryError) -> String? {
        DiskBytes.uuidText(Array(try slice(offset, count: 16)))
    }

    /// The sixteen bytes at `offset` as a GUID, whose first three fields have their least significant byte first: UEFI
    /// specification, appendix A. Nil if all are zero.
    func guid(_ offset: Int) throws(FerryError) -> String? {
        let raw = Array(try slice(offset, count: 16))
        return DiskBytes.uuidText([raw[3], raw[2], raw[1], raw[0], raw[5], raw[4], raw[7], raw[6]] + raw[8...])
    }

    private static func uuidText(_ raw: [UInt8]) -> String? {
        guard raw.contains(where: { $0 != 0 }) else { return nil }
        let digits = Hexadecimal.text(raw)
        var text = ""
        for (index, digit) in digits.enumerated() {
            if [8, 12, 16, 20].contains(index) { text.append("-") }
            text.append(digit)
        }
        return text
    }

    /// Overwrites bytes that a checksum does not cover.
    mutating func clear(_ offset: Int, count cleared: Int) {
        for index in offset..<min(offset + cleared, count) where index >= 0 { bytes[index] = 0 }
    }

    private func outOfRange(_ offset: Int, _ width: Int) -> FerryError {
        DiskBytes.outOfRange("field \(offset)+\(width) is beyond the end of a structure of \(count) bytes")
    }

    private static func outOfRange(_ cause: String) -> FerryError { .inconsistentMap(cause) }
}

extension FerryError {
    /// A structure on the disk contradicts itself.
    static func inconsistentMap(_ cause: String) -> FerryError {
        FerryError(
            .diskBadUsageMap,
            operation: "use",
            subject: "the file system's record of free space",
            cause: cause,
            advice: "Check the file system."
        )
    }
}
