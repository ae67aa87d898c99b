public import FerryCore
internal import FerryImage

extension ProofStatement {
    /// The statement's bytes: one line for each part, `name value`, in one order. These are what is signed.
    public var encoded: [UInt8] {
        let lines: [(String, String)] = [
            ("schema", ProofFormat.schema),
            ("volume", volume),
            ("volume-id", volumeIdentifier),
            ("agent", agent.name),
            ("disk-identity", printableIdentity),
            ("disk-size", "\(diskSize.bytes)"),
            ("block-size", "\(ImageLayout.blockSize)"),
            ("region-size", "\(ImageLayout.regionSize)"),
            ("cut-rule", "\(cutRule)"),
            ("pass", "\(pass)"),
            ("generation", "\(generation)"),
            ("consistency", consistency.rawValue),
            ("started-at", "\(startedAt)"),
            ("ended-at", "\(endedAt)"),
            ("verified-at", "\(verifiedAt)"),
            ("signed-at", "\(signedAt)"),
            ("root", "\(manifest.root)"),
            ("manifest-bytes", "\(manifest.length)"),
            ("data-bytes", "\(manifest.dataBytes)"),
            ("zero-bytes", "\(manifest.zeroBytes)"),
            ("unused-bytes", "\(manifest.unusedBytes)"),
            ("damaged-bytes", "\(manifest.damagedBytes)"),
            ("certificates", "\(certificates)"),
            ("release", release),
        ]
        return Array(lines.map { "\($0.0) \($0.1)\n" }.joined().utf8)
    }

    /// Reads a statement that `encoded` wrote, and nothing else: there is one way to write each.
    /// - Throws: `FerryError` with `ErrorCode.proofMalformed` or `.proofVersion`; `path` is where it was found.
    public init(decoding bytes: [UInt8], from path: String) throws(FerryError) {
        var lines = StatementLines(bytes, from: path)
        let schema = try lines.next("schema")
        guard schema == ProofFormat.schema else { throw StatementLines.laterVersion(path, "the statement's schema") }
        let volume = try lines.next("volume").split(separator: "/", omittingEmptySubsequences: false)
        guard volume.count == 2, let job = try? JobID(String(volume[0])), let disk = try? DiskName(String(volume[1]))
        else { throw lines.wrong("volume") }
        let identifier = try lines.next("volume-id")
        guard identifier.utf8.count == 32, Hexadecimal.bytes(identifier) != nil else { throw lines.wrong("volume-id") }
        guard let agent = try? AgentName(try lines.next("agent")) else { throw lines.wrong("agent") }
        guard let identity = PrintableText.unescaped(try lines.next("disk-identity")),
            identity.utf8.count <= ProofFormat.longestIdentity
        else { throw lines.wrong("disk-identity") }
        let size = ByteCount(try lines.number("disk-size", upTo: ProofFormat.largestDisk.bytes))
        guard size > .zero else { throw lines.wrong("disk-size") }
        guard try lines.number("block-size") == UInt64(ImageLayout.blockSize),
            try lines.number("region-size") == UInt64(ImageLayout.regionSize)
        else { throw StatementLines.laterVersion(path, "the size of its blocks or regions") }
        let cutRule = try lines.number("cut-rule", upTo: 255)
        let pass = try lines.number("pass")
        let generation = try lines.number("generation")
        guard let consistency = Consistency(rawValue: try lines.next("consistency")) else {
            throw lines.wrong("consistency")
        }
        self.init(
            job: job,
            disk: disk,
            volumeIdentifier: identifier,
            agent: agent,
            diskIdentity: identity,
            diskSize: size,
            cutRule: UInt8(cutRule),
            pass: pass,
            generation: generation,
            consistency: consistency,
            startedAt: try lines.time("started-at"),
            endedAt: try lines.time("ended-at"),
            verifiedAt: try lines.time("verified-at"),
            signedAt: try lines.time("signed-at"),
            manifest: ManifestSummary(
                root: try lines.digest("root"),
                length: try lines.number("manifest-bytes", upTo: ProofFormat.longestManifest),
                dataBytes: try lines.number("data-bytes", upTo: size.bytes),
                zeroBytes: try lines.number("zero-bytes", upTo: size.bytes),
                unusedBytes: try lines.number("unused-bytes", upTo: size.bytes),
                damagedBytes: try lines.number("damaged-bytes", upTo: size.bytes)
            ),
            certificates: try lines.digest("certificates"),
            release: try lines.next("release")
        )
        guard !release.isEmpty, release.utf8.count <= 32,
            release.utf8.allSatisfy({ (0x21...0x7E).contains($0) })
        else { throw lines.wrong("release") }
        guard encoded == bytes else { throw ProofError.malformed(path, "its statement is not written in the one way") }
    }
}

/// The lines of a statement, taken one after the other by their names.
private struct StatementLines {
    private let path: String
    private var rest: ArraySlice<UInt8>

    init(_ bytes: [UInt8], from path: String) {
        self.path = path
        rest = bytes[...]
    }

    mutating func next(_ name: String) throws(FerryError) -> String {
        let start = Array("\(name) ".utf8)
        guard rest.starts(with: start), let end = rest.firstIndex(of: UInt8(ascii: "\n")) else {
            throw ProofError.malformed(path, "its statement has no \(name) in its place")
        }
        let value = rest[(rest.startIndex + start.count)..<end]
        rest = rest[(end + 1)...]
        return String(decoding: value, as: UTF8.self)
    }

    mutating func number(_ name: String, upTo most: UInt64 = .max) throws(FerryError) -> UInt64 {
        guard let number = UInt64(try next(name)), number <= most else { throw wrong(name) }
        return number
    }

    mutating func time(_ name: String) throws(FerryError) -> UTCTime {
        guard let time = UTCTime(parsing: try next(name)) else { throw wrong(name) }
        return time
    }

    mutating func digest(_ name: String) throws(FerryError) -> Digest {
        guard let digest = Digest(hexadecimal: try next(name)) else { throw wrong(name) }
        return digest
    }

    func wrong(_ name: String) -> FerryError {
        ProofError.malformed(path, "the \(name) of its statement is not what it can be")
    }

    static func laterVersion(_ path: String, _ what: String) -> FerryError {
        FerryError(
            .proofVersion,
            operation: "read the proof",
            subject: path,
            cause: "\(what) is not the one of version \(ProofFormat.version)",
            advice: "Use the release of Ferry that wrote it, or a later one."
        )
    }
}
