import FerryCore
import Testing

@testable import FerryProof

@Suite("A proof's statement")
struct ProofStatementTests {
    private let statement: ProofStatement

    init() throws { statement = try TestImage(blocks: 20, seed: 1).statement() }

    private func decoded(_ text: String) -> ErrorCode? {
        code { try ProofStatement(decoding: Array(text.utf8), from: "test") }
    }

    @Test("reads back as it was written")
    func roundTrip() throws {
        #expect(try ProofStatement(decoding: statement.encoded, from: "test") == statement)
    }

    @Test("is one printable line whatever an agent calls its disk")
    func hostileIdentity() throws {
        for identity in ["", " ", "a\nroot 00", "\u{1B}[31mred", "100%", "ключ=Ω", "x\u{0}y\u{7F}", "%41", "e\u{301}é"]
        {
            let statement = try TestImage(blocks: 1, seed: 1).statement(identity: identity)
            #expect(statement.encoded.filter { $0 == 0x0A }.count == 24)
            #expect(statement.encoded.allSatisfy { $0 == 0x0A || (0x20...0x7E).contains($0) })
            let read = try ProofStatement(decoding: statement.encoded, from: "test")
            #expect(Array(read.diskIdentity.utf8) == Array(identity.utf8))
        }
    }

    @Test("has every line, once, in its place")
    func linesInPlace() throws {
        let lines = String(decoding: statement.encoded, as: UTF8.self).split(separator: "\n").map { "\($0)\n" }
        for index in lines.indices {
            var without = lines
            without.remove(at: index)
            #expect(decoded(without.joined()) == .proofMalformed)
            var twice = lines
            twice.insert(lines[index], at: index)
            #expect(decoded(twice.joined()) == .proofMalformed)
            guard index > 0 else { continue }
            var swapped = lines
            swapped.swapAt(index, index - 1)
            #expect(decoded(swapped.joined()) == .proofMalformed)
        }
        #expect(decoded(lines.joined() + "more 1\n") == .proofMalformed)
        #expect(decoded(lines.joined() + "\n") == .proofMalformed)
    }

    @Test("cannot be written in another way that means the same")
    func oneWay() throws {
        let text = String(decoding: statement.encoded, as: UTF8.self)
        let root = "\(statement.manifest.root)"
        for (from, to) in [
            ("pass 3\n", "pass 03\n"), ("pass 3\n", "pass +3\n"), ("pass 3\n", "pass 3 \n"), (root, root.uppercased()),
            ("serial=WD-1", "%73erial=WD-1"), ("\n", "\r\n"), ("volume web01/sda", "volume web01/sda/"),
            ("volume web01/sda", "volume web01/../sda"), ("consistency consistent", "consistency Consistent"),
            ("release 0.1.0", "release "), ("ferry-proof/1\n", "ferry-proof/1\0\n"),
        ] {
            let other = text.replacing(from, with: to)
            #expect(other != text)
            #expect(decoded(other) != nil, "\(to)")
        }
    }

    @Test("of a later schema, or of other blocks, is said to be of a later version")
    func laterVersion() throws {
        let text = String(decoding: statement.encoded, as: UTF8.self)
        #expect(decoded(text.replacing("ferry-proof/1", with: "ferry-proof/2")) == .proofVersion)
        #expect(decoded(text.replacing("block-size 4096", with: "block-size 8192")) == .proofVersion)
    }

    @Test("about a disk of no size, or of a size that cannot be, is refused")
    func impossibleSizes() throws {
        let text = String(decoding: statement.encoded, as: UTF8.self)
        let line = "disk-size \(statement.diskSize.bytes)\n"
        for size in ["0", "4503599627370497", "18446744073709551615", "18446744073709551616", "-1", "1e3", ""] {
            #expect(decoded(text.replacing(line, with: "disk-size \(size)\n")) == .proofMalformed)
        }
    }
}
