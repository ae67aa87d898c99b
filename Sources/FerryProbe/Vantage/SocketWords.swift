internal import Glibc
internal import NIOCore
internal import NIOPosix

/// What a failure of a connection says to a person.
enum SocketWords {
    static func of(_ error: any Error) -> String {
        switch error {
        case let error as IOError: String(cString: strerror(error.errnoCode))
        case let error as NIOConnectionError:
            error.connectionErrors.last.map { of($0.error) } ?? "no address of \(error.host) could be connected to"
        case ChannelError.connectTimeout: "it did not answer in time"
        default: "\(error)"
        }
    }
}
