internal import FerryCore
internal import Foundation
internal import Synchronization

/// A plain service of a node: what answers at a port when nothing of Ferry does. It has a thread of its own, in the node's
/// namespace, until the process ends.
final class NodeService: Sendable {
    /// Where it is and what it says.
    let service: Topology.Service
    private let behaviour = Mutex(ServiceBehaviour.works)
    private let wake: (read: Int32, write: Int32)
    private let ledger: CloudLedger
    private static let wakeKind =
        Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue)

    /// Starts `service` in `namespace`.
    init(_ service: Topology.Service, in namespace: NodeNamespace, _ ledger: CloudLedger) throws(FerryError) {
        self.service = service
        self.ledger = ledger
        var ends: [Int32] = [0, 0]
        guard socketpair(AF_UNIX, NodeService.wakeKind, 0, &ends) == 0 else {
            throw ServiceListener.failed(service.port, namespace.node, errno)
        }
        wake = (ends[0], ends[1])
        let listener = try namespace.run { () throws(FerryError) in
            try ServiceListener.listen(at: service.port, backlog: 512, of: namespace.node)
        }
        namespace.start { [self] in
            var loop = ServiceLoop(service, listener: listener, wake: wake.read, ledger, node: namespace.node)
            loop.run { behaviour.withLock { $0 } }
        }
    }

    /// Has it do something else from now on; connections that stand end.
    func set(_ new: ServiceBehaviour) {
        behaviour.withLock { $0 = new }
        var byte: UInt8 = 1
        _ = write(wake.write, &byte, 1)
    }
}

/// A listening socket of the calling thread's namespace.
enum ServiceListener {
    static func listen(at port: UInt16, backlog: Int32, of node: String) throws(FerryError) -> Int32 {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var yes: Int32 = 1
        setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
        let bound = IPv4Address.any.withSocketAddress(port: port) { bind(listener, $0, $1) }
        guard listener >= 0, bound == 0, Glibc.listen(listener, backlog) == 0 else {
            let number = errno
            close(listener)
            throw failed(port, node, number)
        }
        return listener
    }

    static func failed(_ port: UInt16, _ node: String, _ number: Int32) -> FerryError {
        FerryError(
            .labDevice,
            operation: "listen",
            subject: "at port \(port) of \(node)",
            cause: String(cString: strerror(number)),
            advice: "Two services of a node need two ports."
        )
    }
}
