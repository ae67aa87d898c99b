import FerryImage
import Testing

@testable import FerryProof

@Suite("Writing a proof")
struct ProofWriterTests {
    let fixture: ProofFixture
    let image = TestImage(blocks: 300, seed: 4)

    init() throws { fixture = try ProofFixture() }

    @Test("never takes the name of a file that was made meanwhile")
    func madeMeanwhile() throws {
        do {
            let writer = try ProofWriter(
                path: fixture.path("proof"),
                statement: try image.statement(),
                signer: fixture.signer
            )
            for record in image.records { try record.encoded.withUnsafeBytes { try writer.append($0) } }
            try fixture.write([9], to: "proof")
            #expect(code { try writer.finish() } == .proofExists)
        }
        #expect(try fixture.bytes(of: "proof") == [9])
        #expect(throws: (any Error).self) { try fixture.bytes(of: "proof.partial") }
    }
}
