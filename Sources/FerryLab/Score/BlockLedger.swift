public import FerryCore
internal import Foundation

/// Which keys a fault blocks at a moment, and for how many seconds yet: the elements of its rules' sets that expire.
///
/// An element with a limit or a quota of its own counts, and does not block.
public struct BlockLedger: Sendable, Equatable {
    /// One blocked key.
    public struct Block: Sendable, Equatable {
        /// The node whose rules block it.
        public var node: String
        /// The parts of the key, in the order of the set's type: `198.18.2.61`, `8703`.
        public var key: [String]
        /// For how many seconds yet, to the second.
        public var seconds: Double
        /// For how many seconds already, or since it was last renewed, to the second.
        public var age = 0.0
        /// The set.
        var set: String
    }

    /// The blocks.
    public var blocks: [Block] = []
    /// Whether the rules have any set whose elements expire and do not count.
    public var hasMemory = false

    /// What the rules of `fault` block now.
    public init(of fault: Fault, in range: NetworkRange) throws(FerryError) {
        for node in Set(fault.rules.map(\.node)).sorted() {
            add(try range.run(["nft", "-j", "list", "ruleset"], at: node), at: node)
        }
    }

    /// A ledger with what `nft -j list ruleset` says at a node.
    init(json: String, at node: String) { add(json, at: node) }

    /// The seconds by which blocks last longer than they would have, had nothing happened since `before`: of each key, and
    /// added up. Rules tell whole seconds, so what is within one and a half is none.
    /// - Parameter elapsed: seconds since `before`.
    public func harm(since before: BlockLedger, elapsed: Double) -> Double {
        blocks.reduce(0) { sum, block in
            let was = before.blocks.first { $0.node == block.node && $0.set == block.set && $0.key == block.key }
            let expected = max(0, (was?.seconds ?? 0) - elapsed)
            let extra = block.seconds - expected
            return sum + (extra > 1.5 ? extra : 0)
        }
    }

    private mutating func add(_ json: String, at node: String) {
        let root = (try? JSONSerialization.jsonObject(with: Data(json.utf8))) as? [String: Any]
        for entry in root?["nftables"] as? [[String: Any]] ?? [] {
            guard let set = entry["set"] as? [String: Any], let table = set["table"] as? String,
                table.hasPrefix(Fault.tablePrefix), let name = set["name"] as? String
            else { continue }
            let elements = (set["elem"] as? [Any] ?? []).compactMap {
                ($0 as? [String: Any])?["elem"] as? [String: Any]
            }
            let judging = elements.filter { $0["limit"] == nil && $0["quota"] == nil && $0["expires"] != nil }
            let flags = set["flags"] as? [String] ?? []
            if flags.contains("timeout"), elements.isEmpty || !judging.isEmpty { hasMemory = true }
            for element in judging {
                let seconds = (element["expires"] as? NSNumber)?.doubleValue ?? 0
                // What is like all of the set is not said of each.
                let whole = (element["timeout"] as? NSNumber) ?? (set["timeout"] as? NSNumber)
                let concatenated = (element["val"] as? [String: Any])?["concat"] as? [Any]
                let parts = concatenated ?? [element["val"] ?? ""]
                blocks.append(
                    Block(
                        node: node,
                        key: parts.map { "\($0)" },
                        seconds: seconds,
                        age: max(0, (whole?.doubleValue ?? seconds) - seconds),
                        set: "\(table) \(name)"
                    )
                )
            }
        }
    }
}
