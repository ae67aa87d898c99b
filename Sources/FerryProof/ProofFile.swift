public import FerryCore
internal import Glibc

/// A proof in a file, read as bytes of a stranger: what it says is taken in small parts of bounded size, and believed
/// only after `confirm`.
public final class ProofFile: Sendable {
    /// Where the proof is.
    public let path: String
    /// What it states.
    public let statement: ProofStatement
    /// The statement's bytes.
    public let statementBytes: [UInt8]
    /// The signature's 64 bytes.
    public let signature: [UInt8]
    /// The certificates that it brings, in PEM form: the signer's and the authority's.
    public let certificates: String

    private let descriptor: Int32
    private let manifestStart: Int

    /// Opens the proof at `path` and reads all but its manifest.
    /// - Throws: `FerryError` with `ErrorCode.proofUnreadable`, `.proofMalformed` or `.proofVersion`.
    public init(path: String) throws(FerryError) {
        // A pipe would block, and a proof is read twice: only files.
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw ProofFile.unreadable(path, errno) }
        do throws(FerryError) {
            var status = stat()
            guard fstat(descriptor, &status) == 0 else { throw ProofFile.unreadable(path, errno) }
            guard status.st_mode & S_IFMT == S_IFREG else { throw ProofError.malformed(path, "it is not a file") }
            let size = Int(status.st_size)
            let bytes = try ProofFile.read(descriptor, path, 0..<min(size, ProofFormat.longestHead))
            var head = ProofHead(bytes, from: path)
            try head.takeVersion()
            statementBytes = try head.takePart("statement", upTo: ProofFormat.longestStatement)
            statement = try ProofStatement(decoding: statementBytes, from: path)
            signature = try head.takeSignature()
            let certificates = try head.takePart("certificates", upTo: ProofFormat.longestCertificates)
            guard certificates.allSatisfy({ $0 < 0x80 }) else {
                throw ProofError.malformed(path, "its certificates are not in PEM form")
            }
            self.certificates = String(decoding: certificates, as: UTF8.self)
            let length = try head.takeLength(of: "manifest", upTo: ProofFormat.longestManifest)
            manifestStart = head.offset
            guard length == statement.manifest.length else {
                throw ProofError.malformed(path, "its manifest is not as long as its statement says")
            }
            guard UInt64(size - manifestStart) >= length else { throw ProofError.cutOff(path) }
            guard UInt64(size - manifestStart) == length else {
                throw ProofError.malformed(path, "there is something behind its end")
            }
        } catch {
            close(descriptor)
            throw error
        }
        self.path = path
        self.descriptor = descriptor
    }

    deinit { close(descriptor) }

    /// Reads `range` of the manifest's bytes.
    func readManifest(_ range: Range<UInt64>) throws(FerryError) -> [UInt8] {
        let start = manifestStart + Int(range.lowerBound)
        return try ProofFile.read(descriptor, path, start..<(start + range.count))
    }

    private static func read(_ descriptor: Int32, _ path: String, _ range: Range<Int>) throws(FerryError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: range.count)
        var done = 0
        while done < bytes.count {
            let count = bytes.withUnsafeMutableBytes {
                pread(descriptor, $0.baseAddress?.advanced(by: done), $0.count - done, range.lowerBound + done)
            }
            if count > 0 {
                done += count
            } else if count == 0 {
                throw ProofError.cutOff(path)
            } else if errno != EINTR {
                throw unreadable(path, errno)
            }
        }
        return bytes
    }

    private static func unreadable(_ path: String, _ number: Int32) -> FerryError {
        FerryError(
            .proofUnreadable,
            operation: "read the proof",
            subject: path,
            cause: String(cString: strerror(number)),
            advice: "Name a file that this user may read."
        )
    }
}
