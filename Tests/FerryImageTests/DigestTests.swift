import FerryCore
import FerryImage
import Testing

@Suite struct DigestTests {
    /// FIPS 180-4 example values.
    @Test(arguments: [
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    ])
    func digestIsSHA256(text: String, expected: String) {
        #expect(Array(text.utf8).withUnsafeBytes { SHA256.digest(of: $0) }.description == expected)
        #expect(Digest(hexadecimal: expected)?.description == expected)
    }

    /// More runs than a batch has memory for at first, of every length around those of blocks and messages.
    @Test(arguments: [0, 1, 2, 3, 700])
    func batchGivesTheDigestOfEachRun(count: Int) {
        var content = Content(seed: UInt64(count))
        let bytes = content.bytes(20_000)
        let ranges = (0..<count).map { _ in
            let length = Bool.random(using: &content) ? Int.random(in: 0...130, using: &content) : 4096
            let start = Int.random(in: 0...(bytes.count - length), using: &content)
            return start..<(start + length)
        }
        bytes.withUnsafeBytes { bytes in
            var batch = DigestBatch()
            for _ in 0..<2 {
                batch.removeAll()
                for range in ranges { batch.append(UnsafeRawBufferPointer(rebasing: bytes[range])) }
                batch.make()
                #expect(batch.count == count)
                for (index, range) in ranges.enumerated() {
                    #expect(batch[index] == SHA256.digest(of: UnsafeRawBufferPointer(rebasing: bytes[range])))
                }
            }
        }
    }

    /// The tree of RFC 6962, section 2.1, over one, two and three leaves.
    @Test func treeIsThatOfRFC6962() {
        func hash(_ prefix: UInt8, _ parts: [Digest]) -> Digest {
            var bytes: [UInt8] = []
            for part in parts { part.withBytes { bytes.append(contentsOf: $0) } }
            return bytes.withUnsafeBytes { SHA256.digest(prefix: prefix, of: $0) }
        }
        let leaves = (UInt8(0)..<3).map { byte in [byte].withUnsafeBytes { SHA256.digest(prefix: 0, of: $0) } }
        var tree = MerkleTree()
        #expect(tree.root.description == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
        tree.append(leaf: leaves[0])
        #expect(tree.root == leaves[0])
        tree.append(leaf: leaves[1])
        #expect(tree.root == hash(1, [leaves[0], leaves[1]]))
        tree.append(leaf: leaves[2])
        #expect(tree.root == hash(1, [hash(1, [leaves[0], leaves[1]]), leaves[2]]))
    }
}
