public import FerryCore
internal import FoundationEssentials
internal import Glibc

/// The record of what an authority issued: `issued.jsonl`, one line for each certificate, only ever appended to.
public struct IssuedRecord: Sendable {
    /// What was issued, oldest first.
    public let certificates: [IssuedCertificate]
    /// Lines that cannot be read, as a power cut may leave one.
    public let unreadableLines: Int

    /// Reads the record in the authority's directory; an authority that has issued nothing has none.
    /// - Throws: `FerryError` with `ErrorCode.identityUnreadable`.
    public static func load(from directory: String) throws(FerryError) -> IssuedRecord {
        let path = IdentityFile.path(directory, IdentityFile.issued)
        guard IdentityFile.exists(path) else { return IssuedRecord(certificates: [], unreadableLines: 0) }
        let text = try IdentityFile.read(path, largest: 1 << 30, orElse: "Give the account that owns it.")
        let lines = text.split(separator: "\n")
        let certificates = lines.compactMap { IssuedCertificate(line: $0) }
        return IssuedRecord(certificates: certificates, unreadableLines: lines.count - certificates.count)
    }

    /// Appends `certificates` and returns when they are on stable storage.
    static func append(_ certificates: [IssuedCertificate], in directory: String) throws(FerryError) {
        let path = IdentityFile.path(directory, IdentityFile.issued)
        let advice = "Nothing was issued; put it right and give the command again."
        let isNew = !IdentityFile.exists(path)
        let file = open(path, O_RDWR | O_APPEND | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw IdentityFile.writeFailed(path, errno, advice: advice) }
        defer { close(file) }
        flock(file, LOCK_EX)
        let text = (endsInLine(file) ? "" : "\n") + certificates.map { $0.line + "\n" }.joined()
        var number = IdentityFile.writeAll(Array(text.utf8), to: file)
        if number == nil, fsync(file) != 0 { number = errno }
        if number == nil, isNew { number = synchronize(directory) }
        if let number { throw IdentityFile.writeFailed(path, number, advice: advice) }
    }

    /// Whether the file is empty or ends with a whole line.
    private static func endsInLine(_ file: Int32) -> Bool {
        let length = lseek(file, 0, SEEK_END)
        var last: UInt8 = 0
        return length <= 0 || pread(file, &last, 1, length - 1) != 1 || last == UInt8(ascii: "\n")
    }

    private static func synchronize(_ directory: String) -> Int32? {
        let handle = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard handle >= 0 else { return errno }
        defer { close(handle) }
        return fsync(handle) == 0 ? nil : errno
    }
}

extension IssuedCertificate {
    /// The line without its end.
    var line: String {
        JSONText.object { json in
            json.member("name", identity.name)
            json.member("role", identity.role.rawValue)
            json.member("serial", serial)
            json.member("issued", issued.toTheSecond)
            json.member("notAfter", notAfter.toTheSecond)
            json.member("sha256", fingerprint.description)
        }
    }

    /// Reads what `line` wrote; nil for anything else.
    init?(line: some StringProtocol) {
        guard let fields = try? JSONDecoder().decode(Fields.self, from: Data(line.utf8)),
            let identity = Identity(uri: "\(Identity.scheme)\(fields.role)/\(fields.name)"),
            let issued = UTCTime(parsing: fields.issued), let notAfter = UTCTime(parsing: fields.notAfter),
            let fingerprint = FerryCore.Digest(hexadecimal: fields.sha256)
        else { return nil }
        self.identity = identity
        serial = fields.serial
        self.issued = issued
        self.notAfter = notAfter
        self.fingerprint = fingerprint
    }

    private struct Fields: Decodable {
        let name: String
        let role: String
        let serial: String
        let issued: String
        let notAfter: String
        let sha256: String
    }
}
