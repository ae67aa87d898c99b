internal import FerryCore

/// The parts of a proof before its manifest, taken from the front.
struct ProofHead {
    /// Bytes taken so far.
    private(set) var offset = 0
    private let bytes: [UInt8]
    private let path: String

    /// Bytes of the longest line before a part.
    private static let longestLine = 64

    init(_ bytes: [UInt8], from path: String) {
        self.bytes = bytes
        self.path = path
    }

    mutating func takeVersion() throws(FerryError) {
        let line = try takeLine()
        guard line.hasPrefix(ProofFormat.magic) else { throw ProofError.malformed(path, "it is not a proof of Ferry") }
        guard line.dropFirst(ProofFormat.magic.count) == ProofFormat.version else {
            throw FerryError(
                .proofVersion,
                operation: "read the proof",
                subject: path,
                cause: "its version is not \(ProofFormat.version)",
                advice: "Use the release of Ferry that wrote it, or a later one."
            )
        }
    }

    /// The length that the line before the part `name` gives.
    mutating func takeLength(of name: String, upTo most: UInt64) throws(FerryError) -> UInt64 {
        let line = try takeLine()
        guard let length = UInt64(line.dropFirst(name.utf8.count + 1)), length <= most,
            "\(line)\n" == ProofFormat.partLine(name, length)
        else { throw ProofError.malformed(path, "it has no \(name) in its place") }
        return length
    }

    mutating func takePart(_ name: String, upTo most: Int) throws(FerryError) -> [UInt8] {
        let length = Int(try takeLength(of: name, upTo: UInt64(most)))
        guard bytes.count - offset >= length else { throw ProofError.cutOff(path) }
        defer { offset += length }
        return Array(bytes[offset..<(offset + length)])
    }

    mutating func takeSignature() throws(FerryError) -> [UInt8] {
        let part = try takePart("signature", upTo: ProofFormat.signatureLength)
        let text = String(decoding: part, as: UTF8.self)
        guard let signature = Hexadecimal.bytes(text.dropLast()), signature.count == 64,
            Array("\(Hexadecimal.text(signature))\n".utf8) == part
        else { throw ProofError.malformed(path, "its signature is not 128 digits") }
        return signature
    }

    private mutating func takeLine() throws(FerryError) -> String {
        let rest = bytes[offset...].prefix(ProofHead.longestLine)
        guard let end = rest.firstIndex(of: UInt8(ascii: "\n")) else {
            throw rest.count < ProofHead.longestLine && rest.allSatisfy({ (0x20...0x7E).contains($0) })
                ? ProofError.cutOff(path) : ProofError.malformed(path, "it is not a proof of Ferry")
        }
        defer { offset = end + 1 }
        guard rest[..<end].allSatisfy({ (0x20...0x7E).contains($0) }) else {
            throw ProofError.malformed(path, "it is not a proof of Ferry")
        }
        return String(decoding: rest[..<end], as: UTF8.self)
    }
}
