public import FerryCore

/// The hash tree over the regions of an image (RFC 6962, section 2.1), built from left to right in memory that grows
/// with the logarithm of the number of regions.
public struct MerkleTree: Sendable {
    /// What a leaf's hash begins with, so that no leaf can pass for a node.
    static let leafPrefix: UInt8 = 0
    private static let nodePrefix: UInt8 = 1

    /// Complete subtrees from the largest to the smallest, each with the number of its leaves.
    private var subtrees: [(root: Digest, leaves: Int)] = []

    /// A tree without leaves.
    public init() {}

    /// Adds the leaf of the next region.
    public mutating func append(leaf: Digest) {
        subtrees.append((leaf, 1))
        while subtrees.count >= 2, subtrees[subtrees.count - 2].leaves == subtrees[subtrees.count - 1].leaves {
            joinLastTwo()
        }
    }

    /// The root over all leaves added; for none, the digest of no bytes.
    public var root: Digest {
        guard !subtrees.isEmpty else { return SHA256.digest(of: UnsafeRawBufferPointer(start: nil, count: 0)) }
        var tree = self
        while tree.subtrees.count >= 2 { tree.joinLastTwo() }
        return tree.subtrees[0].root
    }

    private mutating func joinLastTwo() {
        let right = subtrees.removeLast()
        let left = subtrees.removeLast()
        subtrees.append((MerkleTree.node(left.root, right.root), left.leaves + right.leaves))
    }

    private static func node(_ left: Digest, _ right: Digest) -> Digest {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(2 * Digest.byteCount)
        left.withBytes { bytes.append(contentsOf: $0) }
        right.withBytes { bytes.append(contentsOf: $0) }
        return bytes.withUnsafeBytes { SHA256.digest(prefix: nodePrefix, of: $0) }
    }
}
