internal import FerryCore
internal import FerryEvidence

/// Writes a site as JSON, which YAML contains.
enum SiteText {
    static func text(of site: Site) -> String {
        JSONText.object { json in
            json.name("suspect")
            endpoint(site.suspect, &json)
            list("controls", site.controls, &json) { endpoint($0, &$1) }
            list("alternatePorts", site.alternatePorts, &json) { $1.value(Int64($0)) }
            list("otherDestinations", site.otherDestinations, &json) { endpoint($0, &$1) }
            list("vantages", site.vantages, &json) { vantage, json in
                json.object {
                    $0.member("name", vantage.name)
                    $0.member("position", vantage.position.rawValue)
                    $0.member("reach", vantage.reach)
                }
            }
            list("sourceAddresses", site.sourceAddresses, &json) { address, json in
                json.object {
                    $0.member("address", address.address)
                    $0.member("via", address.via)
                }
            }
            list("path", site.path, &json) { $1.value($0) }
            list("allow", site.allow.map(\.rawValue), &json) { $1.value($0) }
            if let uplink = site.uplink {
                json.member(
                    "uplink",
                    object: {
                        $0.member("capacity", uplink.bitsPerSecond.map { "\(Double($0) / 1000)kbit/s" })
                        $0.member("monitor", uplink.monitor)
                    }
                )
            }
            json.member("providerRecords", site.providerRecords)
            json.member("history", site.history)
            json.member(
                "budget",
                object: {
                    $0.member("minutes", "\(site.budget.minutes)")
                    $0.member("suspectConnects", site.budget.suspectConnects)
                }
            )
        }
    }

    private static func endpoint(_ endpoint: Site.Endpoint, _ json: inout JSONText) {
        json.object {
            $0.member("name", endpoint.name)
            $0.member("host", endpoint.host)
            $0.member("port", endpoint.port)
            $0.member("protocol", endpoint.speaks?.rawValue)
            $0.member("relation", endpoint.relation?.rawValue)
        }
    }

    private static func list<Item>(
        _ name: String,
        _ items: [Item],
        _ json: inout JSONText,
        _ write: (Item, inout JSONText) -> Void
    ) {
        json.name(name)
        json.array { json in for item in items { write(item, &json) } }
    }
}
