public import FerryCore
internal import Foundation

/// What the cloud would say if it were asked what it blocks: the keys that the rules at its edge block at the moment. It says
/// nothing of what the customer, a carrier or the server's own owner does.
public struct ProviderRecords: Sendable {
    private let blocks: [BlockLedger.Block]
    private let action: String

    /// The records of `ledger` as far as they are the cloud's.
    public init(_ ledger: BlockLedger?, _ scenario: Scenario, _ topology: Topology) {
        let edge = Set(topology.nodes.filter { $0.place == "cloud-edge" }.map(\.name))
        blocks = (ledger?.blocks ?? []).filter { edge.contains($0.node) }
        action = scenario.truth.mechanism
    }

    /// The records as JSON.
    /// - Parameter now: when they were asked for.
    public func json(now: UTCTime) -> String {
        JSONText.object { json in
            json.member("asOf", "\(now)")
            json.member("complete", false)
            json.member(
                "blocks",
                array: { list in
                    for block in blocks {
                        list.object { one in
                            let source = block.key.first { IPv4Address($0) != nil }
                            one.member("source", source)
                            one.member("destination", .nan)
                            if let port = block.key.compactMap({ Int($0) }).first {
                                one.member("port", port)
                            } else {
                                one.member("port", .nan)
                            }
                            one.member("action", action)
                            one.member("policy", "security")
                            let start = UTCTime(microseconds: now.microseconds - Int64(block.age * 1e6))
                            one.member("since", "\(start)")
                            let end = UTCTime(microseconds: now.microseconds + Int64(block.seconds * 1e6))
                            one.member("until", "\(end)")
                        }
                    }
                }
            )
            for key in ["scrubbing", "blackHoles", "allowlist"] { json.member(key, array: { _ in }) }
        }
    }

    /// Writes them to `folder`.
    /// - Returns: what a site file says of them.
    /// - Throws: `FerryError` with `ErrorCode.labTool`.
    public func write(to folder: String) throws(FerryError) -> String {
        let path = "\(folder)/records.json"
        do {
            try json(now: .now()).write(toFile: path, atomically: true, encoding: .utf8)
        } catch {
            throw FerryError(
                .labTool,
                operation: "write",
                subject: "the provider's records to \(path)",
                cause: error.localizedDescription,
                advice: "Make room there."
            )
        }
        return "file:\(path)"
    }
}
