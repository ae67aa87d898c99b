internal import FerryAddress
internal import FerryEvidence

/// What the clients of a service say.
struct ServiceOpening {
    private let plan: ProbePlan

    init(_ plan: ProbePlan) { self.plan = plan }

    /// What has to be said before the service speaks; nothing where it greets, or where content takes its place.
    var question: [UInt8] {
        switch plan.speaks {
        case .rsync, .tcp: []
        case .http: plan.payload == nil ? Array("HEAD / \(httpRest)\r\n".utf8) : []
        case .tls: hello(names: [])
        case .ferry: hello(names: ["ferry/1"])
        }
    }

    /// Real content of TLS is its hello: nothing else can be said without a key.
    var questionIsContent: Bool { (plan.speaks == .tls || plan.speaks == .ferry) && plan.payload?.kind == .real }

    private var helloBytes: Int { questionIsContent ? plan.payload?.bytes ?? 0 : 0 }

    /// What is said once the service was heard; nothing where content takes its place.
    var answer: [UInt8] { plan.speaks == .rsync && plan.payload == nil ? ServiceOpening.rsyncGreeting : [] }

    /// How the first `bytes` of content begin that real clients send.
    func realHead(bytes: Int) -> [UInt8] {
        switch plan.speaks {
        case .rsync: ServiceOpening.rsyncGreeting + ServiceOpening.rsyncArguments
        case .http: httpPost(bytes: bytes)
        case .tls, .ferry, .tcp: []
        }
    }

    /// What such content goes on with, again and again.
    var realRest: [UInt8] {
        switch plan.speaks {
        case .tls, .ferry:
            // Records of application data, as far as anybody can tell who has no key.
            [0x17, 0x03, 0x03, 0x03, 0xFB] + (0..<1019).map { UInt8(truncatingIfNeeded: $0 &* 197 &+ $0 >> 3 &* 41) }
        case .rsync, .http, .tcp:
            Array(
                (0..<24).map { "/srv/data/archive/2018/06/part-\(1000 + $0)/record-\($0 * 7919).dat 0644 root 40960\n" }
                    .joined().utf8
            )
        }
    }

    private static let rsyncGreeting = Array("@RSYNCD: 31.0\n".utf8)
    private static let rsyncArguments = Array("backup\n--server\0-logDtpre.iLsfxC\0.\0backup/\0\0".utf8)

    /// A request that is `bytes` long with its body.
    private func httpPost(bytes: Int) -> [UInt8] {
        let head = "POST / \(httpRest)Content-Type: text/plain\r\nContent-Length: "
        let end = "\r\n\r\n"
        let room = max(1, bytes - head.utf8.count - end.utf8.count)
        let digits = String(room).utf8.count
        let length = String(max(0, room - digits))
        return Array((head + String(repeating: " ", count: digits - length.utf8.count) + length + end).utf8)
    }

    private var httpRest: String {
        let host = plan.host.contains(":") && !plan.host.hasPrefix("[") ? "[\(plan.host)]" : plan.host
        return
            "HTTP/1.1\r\nHost: \(host):\(plan.port)\r\nUser-Agent: ferry-probe\r\nAccept: */*\r\nConnection: close\r\n"
    }

    /// Of TLS 1.3 (RFC 8446, appendix B.4), and of 1.2 for those who have not more (RFC 5288 and 5289).
    private static let suites: [UInt8] = [
        0x13, 0x01, 0x13, 0x02, 0x13, 0x03, 0xC0, 0x2B, 0xC0, 0x2F, 0xC0, 0x2C, 0xC0, 0x30, 0x00, 0x9C,
    ]

    /// The beginning of a TLS handshake (RFC 8446, section 4.1.2) without a key share: a server of 1.3 asks for one, and
    /// nothing has to be computed here. It names the host, if it is called by a name (RFC 6066), and is filled up to as many bytes
    /// as the plan has (RFC 7685).
    /// - Parameter names: the protocols offered (RFC 7301).
    private func hello(names: [String]) -> [UInt8] {
        func sized(_ bytes: [UInt8]) -> [UInt8] { ServiceOpening.sized(bytes) }
        var extensions: [UInt8] =
            [0x00, 0x2B, 0, 5, 4, 0x03, 0x04, 0x03, 0x03]  // supported_versions: TLS 1.3, TLS 1.2
            + [0x00, 0x0A, 0, 6, 0, 4, 0x00, 0x1D, 0x00, 0x17]  // supported_groups: x25519, secp256r1
            // signature_algorithms
            + [0x00, 0x0D, 0, 12, 0, 10, 0x04, 0x03, 0x08, 0x04, 0x05, 0x03, 0x08, 0x07, 0x04, 0x01]
            + [0x00, 0x33, 0, 2, 0, 0]  // key_share: none
        // server_name: a name without the dot that may end it
        let name = Array((plan.host.hasSuffix(".") ? String(plan.host.dropLast()) : plan.host).utf8)
        if IPAddress(parsing: plan.host) == nil, !plan.host.contains(":"), (1..<256).contains(name.count) {
            extensions += [0x00, 0x00] + sized(sized([0] + sized(name)))
        }
        let list = names.flatMap { [UInt8($0.utf8.count)] + Array($0.utf8) }
        if !list.isEmpty { extensions += [0x00, 0x10] + sized(sized(list)) }
        // Record, message, version, random, session, suites and methods around the extensions.
        let whole = 5 + 4 + 2 + 32 + 1 + 2 + ServiceOpening.suites.count + 2 + 2 + extensions.count
        if helloBytes >= whole + 4 {
            extensions += [0x00, 0x15] + sized([UInt8](repeating: 0, count: helloBytes - whole - 4))
        }
        var body: [UInt8] = [0x03, 0x03] + [UInt8](repeating: 0x46, count: 32) + [0]
        body += sized(ServiceOpening.suites) + [1, 0] + sized(extensions)
        return [0x16, 0x03, 0x01] + sized([1, 0] + sized(body))
    }

    private static func sized(_ bytes: [UInt8]) -> [UInt8] {
        [UInt8(bytes.count >> 8), UInt8(bytes.count & 255)] + bytes
    }
}
