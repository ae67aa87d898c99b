internal import FerryCore
internal import Foundation

/// Counts the connections that a node makes to the suspect, whatever a diagnosis says of itself: each has a source port of its
/// own, and the node's rules see it before anything can drop it.
struct ConnectMeter {
    private static let table = Fault.tablePrefix + "count"
    private let node: String
    private let range: NetworkRange

    /// Counts from now on.
    init(from node: String, to suspect: Topology.Site.Endpoint, in range: NetworkRange) throws(FerryError) {
        self.node = node
        self.range = range
        let filter = """
            table ip \(ConnectMeter.table) {
              set ports {
                type inet_service
                flags dynamic
                size 65535
              }
              chain count {
                type filter hook output priority -310; policy accept;
                ip daddr \(suspect.host) tcp dport \(suspect.port) tcp flags & (syn | ack) == syn add @ports { tcp sport }
              }
            }

            """
        try range.load(filter, into: node)
    }

    /// How many there have been.
    func count() throws(FerryError) -> Int {
        ConnectMeter.count(try range.run(["nft", "-j", "list", "set", "ip", ConnectMeter.table, "ports"], at: node))
    }

    static func count(_ json: String) -> Int {
        let root = (try? JSONSerialization.jsonObject(with: Data(json.utf8))) as? [String: Any]
        let sets = (root?["nftables"] as? [[String: Any]] ?? []).compactMap { $0["set"] as? [String: Any] }
        return sets.reduce(0) { $0 + (($1["elem"] as? [Any])?.count ?? 0) }
    }
}
