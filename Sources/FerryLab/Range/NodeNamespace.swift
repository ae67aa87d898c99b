internal import CFerryLab
internal import FerryCore
internal import Foundation

/// The network namespace of one node. It has no name in the file system: the descriptor keeps it, and with the process it
/// is gone.
public struct NodeNamespace: Sendable, Equatable {
    /// The node.
    public let node: String
    private let descriptor: Int32

    private init(node: String, descriptor: Int32) {
        self.node = node
        self.descriptor = descriptor
    }

    /// New, empty namespaces for `nodes`.
    /// - Throws: `FerryError` with `ErrorCode.labDevice` if the kernel refuses.
    static func make(_ nodes: [String]) throws(FerryError) -> [String: NodeNamespace] {
        // One thread for all: it goes from each into the next.
        try onThread { () -> Result<[String: NodeNamespace], FerryError> in
            var made: [String: NodeNamespace] = [:]
            for node in nodes {
                let descriptor = ferry_make_network()
                guard descriptor >= 0 else { return .failure(failed("make", node, errno)) }
                made[node] = NodeNamespace(node: node, descriptor: descriptor)
            }
            return .success(made)
        }.get()
    }

    /// The path by which other processes of the lab's user reach it.
    public var path: String { "/proc/\(getpid())/fd/\(descriptor)" }

    /// Enters it with the calling thread, which then stays there.
    func enter() throws(FerryError) {
        guard ferry_enter_network(descriptor) == 0 else { throw NodeNamespace.failed("enter", node, errno) }
    }

    /// Runs `body` in the namespace and waits for it. Sockets and processes made there belong to the node for good.
    func run<Value: Sendable>(
        _ body: @escaping @Sendable () throws(FerryError) -> Value
    ) throws(FerryError) -> Value {
        try NodeNamespace.onThread { () -> Result<Value, FerryError> in
            do throws(FerryError) {
                try enter()
                return .success(try body())
            } catch {
                return .failure(error)
            }
        }.get()
    }

    /// Runs `body` in the namespace until it ends by itself.
    func start(_ body: @escaping @Sendable () -> Void) {
        let descriptor = descriptor
        let thread = Thread { if ferry_enter_network(descriptor) == 0 { body() } }
        thread.stackSize = 256 << 10
        thread.start()
    }

    /// Runs `body` on a thread of its own: whoever enters a namespace stays there.
    private static func onThread<Value: Sendable>(_ body: @escaping @Sendable () -> Value) -> Value {
        let outcome = ThreadOutcome<Value>()
        Thread { outcome.set(body()) }.start()
        return outcome.wait()
    }

    private static func failed(_ operation: String, _ node: String, _ number: Int32) -> FerryError {
        FerryError(
            .labDevice,
            operation: operation,
            subject: "the namespace of \(node)",
            cause: String(cString: strerror(number)),
            advice: "The lab needs a kernel with network namespaces (CONFIG_NET_NS), and room for one for each node "
                + "(sysctl user.max_net_namespaces, ulimit -n)."
        )
    }
}
