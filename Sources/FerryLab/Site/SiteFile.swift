public import FerryCore
internal import Foundation

/// The operator's site file of a diagnosis, for one scenario and what it grants.
public struct SiteFile: Sendable {
    /// What is left of the site.
    public var site: Topology.Site
    /// What is granted.
    public var grants: Grants
    /// The folder with the sockets of the vantages, and the file itself.
    public var folder: String
    /// Where provider records come from, as `exec:./records.sh`; used at tier 3 only.
    public var providerRecords: String?
    /// The mover's event log.
    public var history: String?
    /// The uplink's monitor, as `file:egress.csv`.
    public var monitor: String?

    /// A file in `folder` for what `grants` leaves of `site`.
    public init(_ site: Topology.Site, _ grants: Grants, folder: String) {
        self.site = site.granted(grants)
        self.grants = grants
        self.folder = folder
    }

    /// Where it is written.
    public var path: String { "\(folder)/site.yaml" }

    /// The socket of a vantage.
    public func socket(of vantage: Topology.Site.Vantage) -> String { "\(folder)/\(vantage.name).sock" }

    /// Writes it.
    /// - Throws: `FerryError` with `ErrorCode.labTool` if the folder cannot be written to.
    public func write() throws(FerryError) {
        do {
            try text.write(toFile: path, atomically: true, encoding: .utf8)
        } catch {
            throw FerryError(
                .labTool,
                operation: "write",
                subject: "the site file \(path)",
                cause: error.localizedDescription,
                advice: "Make room there, or set XDG_RUNTIME_DIR to a folder of yours."
            )
        }
    }

    /// It as YAML: every mapping below the first level is written as JSON, which YAML contains.
    public var text: String {
        var lines = ["suspect: " + endpoint(site.suspect)]
        list("controls", site.controls.map(endpoint))
        if !site.alternatePorts.isEmpty {
            lines.append("alternatePorts: [\(site.alternatePorts.map(String.init).joined(separator: ", "))]")
        }
        list("otherDestinations", site.otherDestinations.map(endpoint))
        list("vantages", site.vantages.map(vantage))
        let addresses = site.sourceAddresses.map { one in
            JSONText.object { json in
                json.member("address", "\(one.address)")
                json.member("via", one.via)
            }
        }
        list("sourceAddresses", addresses)
        if !site.path.isEmpty { lines.append("path: " + SiteFile.texts(site.path)) }
        let monitor = grants.without.contains(.monitor) ? nil : monitor
        if site.uplink != nil || monitor != nil {
            let uplink = JSONText.object { json in
                json.member("capacity", site.uplink.map { "\($0.bitsPerSecond / 1000)kbit/s" })
                json.member("monitor", monitor)
            }
            lines.append("uplink: " + uplink)
        }
        if let providerRecords, grants.tier >= 3, !grants.without.contains(.records) {
            lines.append("providerRecords: " + SiteFile.quoted(providerRecords))
        }
        if let history, !grants.without.contains(.history) { lines.append("history: " + SiteFile.quoted(history)) }
        lines.append("allow: " + SiteFile.texts(grants.allow.map(\.rawValue)))
        lines.append("budget: { minutes: \(grants.minutes), suspectConnects: \(grants.suspectConnects) }")
        return lines.joined(separator: "\n") + "\n"

        func list(_ key: String, _ items: [String]) {
            guard !items.isEmpty else { return }
            lines.append("\(key):")
            lines += items.map { "  - \($0)" }
        }
    }

    private func endpoint(_ endpoint: Topology.Site.Endpoint) -> String {
        JSONText.object { json in
            json.member("name", endpoint.name)
            json.member("host", "\(endpoint.host)")
            json.member("port", Int(endpoint.port))
            json.member("protocol", endpoint.speaks)
            json.member("relation", endpoint.relation)
        }
    }

    private func vantage(_ vantage: Topology.Site.Vantage) -> String {
        JSONText.object { json in
            json.member("name", vantage.name)
            json.member("position", vantage.position)
            json.member("reach", "unix:\(socket(of: vantage))")
        }
    }

    private static func texts(_ texts: [String]) -> String {
        var json = JSONText()
        json.array { list in for text in texts { list.value(text) } }
        return json.text
    }

    private static func quoted(_ text: String) -> String {
        var json = JSONText()
        json.value(text)
        return json.text
    }
}
