import FerryCore
import FerryImage
import Testing

@testable import FerryProof

@Suite("What a proof is said to prove")
struct ProofTextTests {
    let fixture: ProofFixture
    let image = TestImage(blocks: 600, seed: 21)

    init() throws { fixture = try ProofFixture() }

    private func text(
        consistency: ProofStatement.Consistency,
        image bytes: [UInt8]?,
        isNamed: Bool = true
    ) async throws -> String {
        let proof = try ProofFile(path: try fixture.prove(image, consistency: consistency))
        let confirmed = try proof.confirm(authority: isNamed ? fixture.authority : nil)
        guard let bytes else { return ProofText(proof, confirmed).text }
        let path = try fixture.write(bytes, to: "image")
        let comparison = try await ImageComparison.compare(ImageFile(path: path), with: proof, tasks: 1)
        return ProofText(proof, confirmed, imagePath: path, comparison: comparison).text
    }

    @Test("names the generation that an equal image is")
    func equal() async throws {
        let text = try await text(consistency: .consistent, image: image.bytes)
        #expect(text.hasPrefix("EQUAL: \(fixture.path("image")) is generation 2 of web01/sda\n"))
        #expect(!text.contains("fuzzy") && !text.contains("who signed"))
    }

    @Test("does not include that a fuzzy image is of one moment")
    func fuzzy() async throws {
        #expect(try await text(consistency: .fuzzy, image: image.bytes).contains("the image is fuzzy"))
    }

    @Test("does not include who signed when no authority is named")
    func unnamed() async throws {
        #expect(try await text(consistency: .consistent, image: nil, isNamed: false).contains("who signed"))
    }

    @Test("does not include what could not be read, and says where that was")
    func damaged() async throws {
        let text = try await text(consistency: .consistent, image: nil)
        let place = try #require(image.place(of: .damaged))
        #expect(text.contains("that the source could not read"))
        #expect(text.replacing("\n   ", with: "").contains("at byte \(place)"))
    }

    @Test("begins, for another image, with where it differs")
    func different() async throws {
        var bytes = image.bytes
        let place = try #require(image.place(of: .zero))
        bytes[place] = 1
        let text = try await text(consistency: .consistent, image: bytes)
        #expect(text.hasPrefix("NOT EQUAL: "))
        #expect(text.contains("first         4 KiB at byte \(place)\n"))
    }

    @Test("fits a screen, in lines that are printable")
    func oneScreen() async throws {
        let text = try await text(consistency: .fuzzy, image: image.bytes, isNamed: false)
        #expect(text.split(separator: "\n", omittingEmptySubsequences: false).count <= 40)
        #expect(text.utf8.allSatisfy { $0 == 0x0A || (0x20...0x7E).contains($0) })
    }
}
