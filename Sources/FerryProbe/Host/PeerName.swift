internal import FerryAddress

/// A far end as it was asked for: `address` or `address:port`.
struct PeerName {
    let text: String
    let host: String
    let port: UInt16?

    init(_ text: String) {
        self.text = text
        if IPAddress(parsing: text) == nil, let endpoint = try? EndpointAddress(parsing: text) {
            port = endpoint.port
            switch endpoint.host {
            case .address(let address): host = "\(address)"
            case .name(let name): host = "\(name)"
            }
        } else {
            port = nil
            host = text
        }
    }

    var address: IPAddress? { IPAddress(parsing: host) }
}
