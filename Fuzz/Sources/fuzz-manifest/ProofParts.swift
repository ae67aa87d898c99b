internal import FerryCore
internal import FerryImage

@testable internal import FerryProof

/// The parts of a proof, put together as docs/specs/manifest.md has them. Its signature is not looked at here.
struct ProofParts {
    var statement: [UInt8]
    var signature = [UInt8](repeating: 7, count: 64)
    var certificates: [UInt8] = Array("-----BEGIN CERTIFICATE-----\n".utf8)
    var manifest: [UInt8]

    var bytes: [UInt8] {
        var bytes = Array("ferry proof file 1\nstatement \(statement.count)\n".utf8) + statement
        bytes += Array("signature 129\n\(Hexadecimal.text(signature))\n".utf8)
        bytes += Array("certificates \(certificates.count)\n".utf8) + certificates
        return bytes + Array("manifest \(manifest.count)\n".utf8) + manifest
    }

    /// A statement about a manifest that amounts to `summary`.
    static func statement(size: ByteCount, _ summary: ManifestSummary) throws -> ProofStatement {
        let time = UTCTime(microseconds: 1_529_000_000_000_000)
        return ProofStatement(
            job: try JobID("web-01"),
            disk: try DiskName("sda"),
            volumeIdentifier: "00112233445566778899aabbccddeeff",
            agent: try AgentName("web-01"),
            diskIdentity: "serial=WD-1 name=\u{e4}%",
            diskSize: size,
            cutRule: 1,
            pass: 3,
            generation: 2,
            consistency: .consistent,
            startedAt: time,
            endedAt: time,
            verifiedAt: time,
            signedAt: time,
            manifest: summary,
            release: "0.1.0"
        )
    }
}
