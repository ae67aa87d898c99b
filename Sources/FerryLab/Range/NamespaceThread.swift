internal import CFerryLab
internal import FerryCore
internal import Foundation

/// A thread that lives in the network namespace of one node. Sockets that it makes belong to that node for good.
enum NamespaceThread {
    /// Where the namespaces are named, as `ip netns` does it.
    static let folder = "/run/netns"

    /// Runs `body` in the namespace of `node` and waits for it.
    static func run<Value: Sendable>(
        in node: String,
        _ body: @escaping @Sendable () throws(FerryError) -> Value
    ) throws(FerryError) -> Value {
        let outcome = Outcome<Value>()
        let thread = Thread {
            if ferry_enter_network("\(folder)/\(node)") != 0 {
                outcome.set(.failure(entering(node, errno)))
            } else {
                do throws(FerryError) { outcome.set(.success(try body())) } catch { outcome.set(.failure(error)) }
            }
        }
        thread.start()
        return try outcome.wait().get()
    }

    /// Runs `body` in the namespace of `node` until it ends by itself.
    static func start(in node: String, _ body: @escaping @Sendable () -> Void) {
        let thread = Thread { if ferry_enter_network("\(folder)/\(node)") == 0 { body() } }
        thread.stackSize = 256 << 10
        thread.start()
    }

    private static func entering(_ node: String, _ number: Int32) -> FerryError {
        FerryError(
            .labDevice,
            operation: "enter",
            subject: "the namespace of \(node)",
            cause: String(cString: strerror(number)),
            advice: "Take the lab down and up again."
        )
    }

    /// @unchecked Sendable: the value is written once, before the semaphore is signalled, and read after.
    private final class Outcome<Value: Sendable>: @unchecked Sendable {
        private let done = DispatchSemaphore(value: 0)
        private var value: Result<Value, FerryError>?

        func set(_ value: Result<Value, FerryError>) {
            self.value = value
            done.signal()
        }

        func wait() -> Result<Value, FerryError> {
            done.wait()
            guard let value else { preconditionFailure("signalled without a value") }
            return value
        }
    }
}
