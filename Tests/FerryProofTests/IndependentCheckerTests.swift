import FerryCore
import FerryImage
import Foundation
import Testing

@testable import FerryProof

/// docs/specs/manifest.md is complete if a checker written from it alone, in another language, agrees with Ferry.
@Suite("A checker written from the specification alone", .enabled(if: IndependentChecker.isThere))
struct IndependentCheckerTests {
    let fixture: ProofFixture
    let image = TestImage(blocks: 800, extra: 513, seed: 31)

    init() throws { fixture = try ProofFixture() }

    private func status(_ proof: String = "proof", authority: String = "ca/ca.pem") throws -> Int32 {
        try IndependentChecker.run([fixture.path(proof), fixture.path("image"), fixture.path(authority)])
    }

    @Test("finds equal what is equal")
    func equal() throws {
        try fixture.prove(image)
        try fixture.write(image.bytes, to: "image")
        #expect(try status() == 0)
        #expect(try IndependentChecker.run([fixture.path("proof"), fixture.path("image")]) == 0)
    }

    @Test("finds what differs, in every kind of run")
    func different() throws {
        try fixture.prove(image)
        for kind in [RunKind.chunk, .zero, .unused, .damaged] {
            var bytes = image.bytes
            bytes[try #require(image.place(of: kind))] ^= 4
            try fixture.write(bytes, to: "image")
            #expect(try status() == 3)
        }
        try fixture.write(image.bytes + [0], to: "image")
        #expect(try status() == 3)
    }

    @Test("agrees with Ferry that a proof with a flipped bit is worth nothing")
    func flipped() async throws {
        let seed =
            ProcessInfo.processInfo.environment["FERRY_SEED"].flatMap(UInt64.init) ?? UInt64.random(in: 0 ... .max)
        print("independent checker: seed \(seed)")
        var random = SeededGenerator(seed: seed)
        try fixture.prove(image)
        try fixture.write(image.bytes, to: "image")
        let proof = try fixture.bytes(of: "proof")
        for _ in 0..<25 {
            var flipped = proof
            flipped[Int.random(in: proof.indices, using: &random)] ^= 1 << UInt8.random(in: 0..<8, using: &random)
            try fixture.write(flipped, to: "flipped")
            let found = try status("flipped")
            #expect([2, 3].contains(found), "seed \(seed), status \(found)")
            let isEqual = (try? await fixture.isEqual("flipped", "image")) ?? false
            #expect(!isEqual, "seed \(seed)")
        }
    }

    @Test("trusts no other authority")
    func otherAuthority() throws {
        _ = try ProofFixture.authority(in: fixture.path("other"))
        try fixture.prove(image)
        try fixture.write(image.bytes, to: "image")
        #expect(try status(authority: "other/ca.pem") == 3)
    }
}

enum IndependentChecker {
    static let isThere = ["python3", "openssl"].allSatisfy { tool in
        (try? start("/usr/bin/env", [tool, tool == "openssl" ? "version" : "--version"])) == 0
    }

    private static let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("Tools/check_proof.py").path

    static func run(_ words: [String]) throws -> Int32 { try start("/usr/bin/env", ["python3", script] + words) }

    private static func start(_ program: String, _ words: [String]) throws -> Int32 {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = words
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        return process.terminationStatus
    }
}
