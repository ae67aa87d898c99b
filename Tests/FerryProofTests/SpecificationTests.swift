import FerryCore
import FerryIdentity
import FerryImage
import Foundation
import Testing

@testable import FerryProof

@Suite("The specification's example")
struct SpecificationTests {
    let fixture: ProofFixture
    let image =
        [UInt8](repeating: 0x46, count: 8192) + [UInt8](repeating: 0, count: 1_048_576 - 8192 + 4096)
        + [UInt8](repeating: 0x59, count: 100)

    init() throws { fixture = try ProofFixture() }

    /// The lines of the first block that is marked `name` in docs/specs/manifest.md.
    private func block(_ name: String) throws -> String {
        let page = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("docs/specs/manifest.md")
        let text = try String(contentsOf: page, encoding: .utf8)
        let begin = try #require(text.range(of: "```\(name)\n"))
        let end = try #require(text.range(of: "```\n", range: begin.upperBound..<text.endIndex))
        return String(text[begin.upperBound..<end.lowerBound])
    }

    @Test("is a proof that holds, of the image that is described beside it")
    func example() async throws {
        let manifest = try #require(Hexadecimal.bytes(try block("manifest").replacing("\n", with: "")))
        let path = try fixture.write(Array(try block("proof").utf8) + manifest, to: "proof")
        let imagePath = try fixture.write(image, to: "image")
        let proof = try ProofFile(path: path)
        let confirmed = try proof.confirm(authority: nil)
        #expect(confirmed.signer.identity.uri == "ferry://proof/st-1")
        #expect(proof.statement.manifest.damagedBytes == 4096)
        #expect(try await ImageComparison.compare(ImageFile(path: imagePath), with: proof, tasks: 1).isEqual)
        try fixture.write(image.dropLast() + [0], to: "image")
        #expect(try await !ImageComparison.compare(ImageFile(path: imagePath), with: proof, tasks: 1).isEqual)
    }
}
