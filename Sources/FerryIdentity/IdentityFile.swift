internal import FerryCore
internal import Glibc

/// The files of authorities and identities, by name.
enum IdentityFile {
    static let authority = "ca.pem"
    static let authorityKey = "ca-key.pem"
    static let issued = "issued.jsonl"
    static let certificate = "cert.pem"
    static let key = "key.pem"
    static let proofCertificates = "proof-cert.pem"
    static let proofKey = "proof-key.pem"

    /// No file here is ever larger, except the record of what was issued.
    static let largest = 1 << 20

    static func path(_ directory: String, _ file: String) -> String {
        directory.hasSuffix("/") ? directory + file : "\(directory)/\(file)"
    }

    static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

    /// The mode bits of a file that others than its owner may read or write, or nil.
    static func exposedMode(_ path: String) -> UInt32? {
        var status = stat()
        guard stat(path, &status) == 0, status.st_mode & 0o077 != 0 else { return nil }
        return UInt32(status.st_mode & 0o7777)
    }

    /// The whole file as text; `advice` is what to do when it is not there or not what it should be.
    static func read(
        _ path: String,
        largest: Int = IdentityFile.largest,
        orElse advice: String
    ) throws(FerryError) -> String {
        func failed(_ code: ErrorCode, _ cause: String, isDenied: Bool = false) -> FerryError {
            let advice = isDenied ? "Use the account that owns it, or root." : advice
            return FerryError(code, operation: "read", subject: path, cause: cause, advice: advice)
        }
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else {
            let isMissing = errno == ENOENT
            throw failed(
                isMissing ? .identityMissing : .identityUnreadable,
                systemText(errno),
                isDenied: errno == EACCES
            )
        }
        defer { close(file) }
        var bytes: [UInt8] = []
        var part = [UInt8](repeating: 0, count: 65536)
        while true {
            let count = Glibc.read(file, &part, part.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw failed(.identityUnreadable, systemText(errno)) }
            guard count > 0 else { return String(decoding: bytes, as: UTF8.self) }
            bytes.append(contentsOf: part[..<count])
            guard bytes.count <= largest else {
                throw failed(.identityMalformed, "it is larger than \(ByteCount(largest))")
            }
        }
    }

    static func writeFailed(_ path: String, _ number: Int32, advice: String) -> FerryError {
        FerryError(
            .identityWriteFailed,
            operation: "write",
            subject: path,
            cause: systemText(number),
            advice: advice
        )
    }

    static func systemText(_ number: Int32) -> String {
        String(cString: strerror(number))
    }

    /// Writes all of `bytes`; the error number, or nil if it went well.
    static func writeAll(_ bytes: [UInt8], to file: Int32) -> Int32? {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { write(file, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { return errno }
            rest = rest.dropFirst(count)
        }
        return nil
    }
}
