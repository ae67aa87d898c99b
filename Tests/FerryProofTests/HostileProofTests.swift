import FerryCore
import FerryIdentity
import FerryImage
import Foundation
import Testing

@testable import FerryProof

@Suite("A proof by a stranger")
struct HostileProofTests {
    let fixture: ProofFixture
    let image = TestImage(blocks: 300, extra: 77, seed: 11)
    let seed = UInt64.random(in: 0 ... .max)

    init() throws { fixture = try ProofFixture() }

    /// What becomes of `bytes` as a proof of the image: equal, not equal, or the code of an error.
    private func verdict(_ bytes: [UInt8]) async throws -> String {
        try fixture.write(bytes, to: "hostile")
        do {
            return try await fixture.isEqual("hostile", "image") ? "equal" : "not equal"
        } catch let refused as ProofRefused {
            return refused.reason.code.text
        } catch let error as FerryError {
            return error.code.text
        }
    }

    @Test("is never found equal after any one of its bits was flipped")
    func flippedBits() async throws {
        print("flipped bits: seed \(seed)")
        var random = SeededGenerator(seed: seed)
        try fixture.prove(image)
        try fixture.write(image.bytes, to: "image")
        let proof = try fixture.bytes(of: "proof")
        #expect(try await verdict(proof) == "equal")
        for place in proof.indices {
            var flipped = proof
            flipped[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
            let verdict = try await verdict(flipped)
            #expect(verdict != "equal", "byte \(place) of \(proof.count), seed \(seed)")
        }
    }

    @Test("that is cut off at any byte is said to be no proof")
    func truncated() async throws {
        try fixture.prove(image)
        try fixture.write(image.bytes, to: "image")
        let proof = try fixture.bytes(of: "proof")
        for length in proof.indices {
            let verdict = try await verdict(Array(proof[..<length]))
            #expect(verdict == "proof.malformed", "cut to \(length) of \(proof.count)")
        }
        #expect(try await verdict(proof + [0]) == "proof.malformed")
    }

    @Test("is never found equal, and stops nothing, after parts of it were moved, repeated or made up")
    func mutated() async throws {
        print("mutated proofs: seed \(seed)")
        var random = SeededGenerator(seed: seed)
        try fixture.prove(image)
        try fixture.write(image.bytes, to: "image")
        let proof = try fixture.bytes(of: "proof")
        for round in 0..<1500 {
            var bytes = proof
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                let from = Int.random(in: 0..<bytes.count, using: &random)
                let to = min(bytes.count, from + Int.random(in: 1...64, using: &random))
                switch Int.random(in: 0..<4, using: &random) {
                case 0: bytes.removeSubrange(from..<to)
                case 1: bytes.insert(contentsOf: bytes[from..<to], at: Int.random(in: 0..<bytes.count, using: &random))
                case 2:
                    for place in from..<to { bytes[place] = UInt8.random(in: 0...255, using: &random) }
                default:
                    let digits = Array("\(UInt64.random(in: 0 ... .max, using: &random))".utf8)
                    bytes.replaceSubrange(from..<min(bytes.count, from + 3), with: digits)
                }
                if bytes.isEmpty { bytes = [0] }
            }
            guard bytes != proof else { continue }
            #expect(try await verdict(bytes) != "equal", "round \(round), seed \(seed)")
        }
        for _ in 0..<300 {
            let count = Int.random(in: 0...5000, using: &random)
            let bytes = (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
            #expect(try await verdict(bytes) == "proof.malformed", "seed \(seed)")
        }
    }

    @Test("that is rightly signed and lies about its manifest is refused, whatever it says")
    func lyingStatement() async throws {
        try fixture.write(image.bytes, to: "image")
        let manifest = image.records.flatMap(\.encoded)
        let changes: [(inout ProofStatement) -> Void] = [
            { $0.manifest.root = Digest() }, { $0.manifest.dataBytes += 1 }, { $0.manifest.damagedBytes = 0 },
            { $0.manifest.length += 1 }, { $0.diskSize = ByteCount($0.diskSize.bytes + 4096) },
            { $0.diskSize = ByteCount(UInt64(1) << 52) }, { $0.diskSize = ByteCount(1) },
            { $0.certificates = Digest() }, { $0.signedAt = UTCTime(microseconds: 0) },
        ]
        for (index, change) in changes.enumerated() {
            var statement = try image.statement()
            statement.certificates = Array(fixture.signer.certificates.utf8).withUnsafeBytes { SHA256.digest(of: $0) }
            let right = try fixture.assemble(
                statement: statement.encoded,
                manifest: manifest,
                at: statement.signedAt
            )
            #expect(try await verdict(right) == "equal")
            change(&statement)
            let lie = try fixture.assemble(statement: statement.encoded, manifest: manifest, at: .now())
            let verdict = try await verdict(lie)
            #expect(
                ["proof.malformed", "proof.changed", "identity.not-yet-valid"].contains(verdict),
                "change \(index)"
            )
        }
    }

    @Test("with a manifest of random records is read in bounded steps and refused")
    func randomManifest() async throws {
        print("random manifests: seed \(seed)")
        var random = SeededGenerator(seed: seed)
        try fixture.write(image.bytes, to: "image")
        var statement = try image.statement()
        statement.certificates = Array(fixture.signer.certificates.utf8).withUnsafeBytes { SHA256.digest(of: $0) }
        for _ in 0..<200 {
            let count = Int.random(in: 0...20_000, using: &random)
            let highest = Bool.random(using: &random) ? UInt8(3) : 255
            let manifest = (0..<count).map { _ in UInt8.random(in: 0...highest, using: &random) }
            statement.manifest.length = UInt64(count)
            let bytes = try fixture.assemble(statement: statement.encoded, manifest: manifest, at: statement.signedAt)
            #expect(["proof.malformed", "proof.changed"].contains(try await verdict(bytes)), "seed \(seed)")
        }
    }
}
