internal import CFerryLinux
public import FerryCore
public import FerryIdentity
internal import FerryImage
internal import Glibc

/// Writes a proof: the signed statement at once, then the manifest region by region. The file appears under its name
/// when it is whole and durable, and not before.
public final class ProofWriter {
    /// The statement as it was signed.
    public let statement: ProofStatement

    private let path: String
    private let descriptor: Int32
    private var waiting: [UInt8]
    private var sum: ManifestSum
    private var isFinished = false

    private static let most = 1 << 20
    private var partial: String { "\(path).partial" }

    /// Signs `statement` with `signer`, at `time`, and begins to write the proof to `path`.
    /// - Throws: `FerryError` with a `proof.*` or `identity.*` code.
    public init(path: String, statement: ProofStatement, signer: ProofSigner, at time: UTCTime = .now()) throws {
        var statement = statement
        let certificates = Array(signer.certificates.utf8)
        statement.signedAt = time
        statement.certificates = certificates.withUnsafeBytes { SHA256.digest(of: $0) }
        let encoded = statement.encoded
        guard (try? ProofStatement(decoding: encoded, from: path)) == statement,
            encoded.count <= ProofFormat.longestStatement, certificates.count <= ProofFormat.longestCertificates
        else {
            throw FerryError(
                .proofWriteFailed,
                operation: "write the proof",
                subject: path,
                cause: "what is known of \(statement.volume) has no place in a statement",
                advice: "Look at the volume with `ferry staging volumes --json`; report it as a defect of Ferry."
            )
        }
        let signature = Hexadecimal.text(try signer.sign(encoded, at: time))
        self.statement = statement
        self.path = path
        sum = ManifestSum(diskSize: statement.diskSize)
        waiting = Array("\(ProofFormat.magic)\(ProofFormat.version)\n".utf8)
        waiting += Array(ProofFormat.partLine("statement", encoded.count).utf8) + encoded
        waiting += Array("\(ProofFormat.partLine("signature", ProofFormat.signatureLength))\(signature)\n".utf8)
        waiting += Array(ProofFormat.partLine("certificates", certificates.count).utf8) + certificates
        waiting += Array(ProofFormat.partLine("manifest", statement.manifest.length).utf8)
        guard access(path, F_OK) != 0 else { throw ProofWriter.exists(path) }
        let descriptor = open("\(path).partial", O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else {
            throw errno == EEXIST ? ProofWriter.exists("\(path).partial") : ProofWriter.failed(path, errno)
        }
        self.descriptor = descriptor
    }

    deinit {
        close(descriptor)
        if !isFinished { unlink(partial) }
    }

    /// Writes the record of the next region.
    /// - Throws: `FerryError` with `ErrorCode.manifestMalformed` or `.proofWriteFailed`.
    public func append(_ encoded: UnsafeRawBufferPointer) throws(FerryError) {
        try sum.append(encoded)
        waiting.append(contentsOf: encoded)
        if waiting.count >= ProofWriter.most { try flush() }
    }

    /// Makes the proof durable and gives it its name. Without it nothing is left behind.
    /// - Throws: `FerryError` with `ErrorCode.proofWriteFailed`, also if the regions are not what the statement says.
    public func finish() throws(FerryError) {
        try flush()
        guard sum.isComplete, sum.summary == statement.manifest else {
            throw FerryError(
                .proofWriteFailed,
                operation: "write the proof",
                subject: path,
                cause: "the manifest is not the one of the statement",
                advice: "Give the command again.",
                retry: .later
            )
        }
        guard fsync(descriptor) == 0 else { throw ProofWriter.failed(path, errno) }
        // A name that came into being meanwhile is not taken from its owner.
        guard ferry_rename_new(partial, path) == 0 else {
            throw errno == EEXIST ? ProofWriter.exists(path) : ProofWriter.failed(path, errno)
        }
        isFinished = true
        let parent = open(ProofWriter.parent(of: path), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard parent >= 0 else { return }
        fsync(parent)
        close(parent)
    }

    private func flush() throws(FerryError) {
        var done = 0
        while done < waiting.count {
            let count = waiting.withUnsafeBytes {
                write(descriptor, $0.baseAddress?.advanced(by: done), $0.count - done)
            }
            if count >= 0 {
                done += count
            } else if errno != EINTR {
                throw ProofWriter.failed(path, errno)
            }
        }
        waiting.removeAll(keepingCapacity: true)
    }

    private static func parent(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    private static func exists(_ path: String) -> FerryError {
        FerryError(
            .proofExists,
            operation: "write the proof to",
            subject: path,
            cause: "there is such a file already",
            advice: "Name another file with --out; nothing is ever overwritten."
        )
    }

    private static func failed(_ path: String, _ number: Int32) -> FerryError {
        FerryError(
            .proofWriteFailed,
            operation: "write the proof",
            subject: path,
            cause: String(cString: strerror(number)),
            advice: "Name a directory with room that can be written; nothing was left behind."
        )
    }
}
