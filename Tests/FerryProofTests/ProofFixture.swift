import FerryCore
import FerryIdentity
import FerryImage
import Foundation
import Testing

@testable import FerryProof

/// An authority, a staging server's proof key, and a folder for proofs and images, all gone at the end of the test.
final class ProofFixture: Sendable {
    let folder: String
    let authority: AuthorityCertificate
    let signer: ProofSigner

    init() throws {
        folder = "\(FileManager.default.temporaryDirectory.path)/ferry-proof-\(UInt64.random(in: 0 ... .max))"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let made = try ProofFixture.authority(in: "\(folder)/ca")
        authority = made.certificate
        signer = try ProofFixture.signer(of: made, in: "\(folder)/staging")
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    static func authority(in directory: String) throws -> CertificateAuthority {
        try CertificateAuthority.create(in: directory, name: "Test authority")
    }

    static func signer(of authority: CertificateAuthority, in directory: String) throws -> ProofSigner {
        _ = try authority.issue(staging: StagingName("st-1"), hosts: [], to: directory, lifetime: .usual)
        return try ProofSigner(directory: directory)
    }

    func path(_ name: String) -> String { "\(folder)/\(name)" }

    /// Writes `bytes` to a new or emptied file and returns its path.
    @discardableResult
    func write(_ bytes: [UInt8], to name: String) throws -> String {
        try Data(bytes).write(to: URL(fileURLWithPath: path(name)))
        return path(name)
    }

    func bytes(of name: String) throws -> [UInt8] {
        Array(try Data(contentsOf: URL(fileURLWithPath: path(name))))
    }

    /// Writes the proof of `image` and returns its path.
    @discardableResult
    func prove(
        _ image: TestImage,
        as name: String = "proof",
        consistency: ProofStatement.Consistency = .consistent
    ) throws -> String {
        let writer = try ProofWriter(
            path: path(name),
            statement: try image.statement(consistency: consistency),
            signer: signer
        )
        for record in image.records { try record.encoded.withUnsafeBytes { try writer.append($0) } }
        try writer.finish()
        return path(name)
    }

    /// Whether the image in the file `image` is what the proof in the file `proof` says; throws if that is not known.
    func isEqual(_ proof: String, _ image: String) async throws -> Bool {
        let file = try ProofFile(path: path(proof))
        _ = try file.confirm(authority: authority)
        return try await ImageComparison.compare(ImageFile(path: path(image)), with: file, tasks: 2).isEqual
    }

    /// A proof put together by hand, with a signature that is right whatever is signed.
    func assemble(statement: [UInt8], manifest: [UInt8], at time: UTCTime) throws -> [UInt8] {
        let certificates = Array(signer.certificates.utf8)
        let signature = Hexadecimal.text(try signer.sign(statement, at: time))
        var bytes = Array("ferry proof file 1\nstatement \(statement.count)\n".utf8) + statement
        bytes += Array("signature 129\n\(signature)\ncertificates \(certificates.count)\n".utf8) + certificates
        return bytes + Array("manifest \(manifest.count)\n".utf8) + manifest
    }
}

/// The code of the error, or of the refusal, that `body` throws.
func code(_ body: () throws -> some Any) -> ErrorCode? {
    do {
        _ = try body()
        return nil
    } catch let refused as ProofRefused {
        return refused.reason.code
    } catch {
        return (error as? FerryError)?.code
    }
}
