public import FerryAddress
public import FerryCore

/// Where a vantage is: `unix:PATH` or `tls://HOST:PORT`.
public enum VantageReach: Sendable, Hashable, CustomStringConvertible {
    /// A socket of this machine.
    case unix(path: String)
    /// A port, behind TLS with certificates of both sides.
    case tls(EndpointAddress)

    /// Reads `unix:PATH` or `tls://HOST:PORT`.
    /// - Throws: `FerryError` with `ErrorCode.badReach`.
    public init(parsing text: String) throws(FerryError) {
        if text.hasPrefix("unix:") {
            let path = String(text.dropFirst(5))
            // The kernel keeps a path of a socket in 108 bytes, a zero at the end and what it is called at first with it.
            guard !path.isEmpty, path.utf8.count <= 96, !path.utf8.contains(0) else {
                throw VantageReach.bad(
                    text,
                    path.isEmpty ? "the path is missing" : "a path of more than 96 bytes is too long"
                )
            }
            self = .unix(path: path)
        } else if text.hasPrefix("tls://") {
            do throws(FerryError) {
                self = .tls(try EndpointAddress(parsing: String(text.dropFirst(6))))
            } catch {
                throw VantageReach.bad(text, error.cause)
            }
        } else {
            throw VantageReach.bad(text, "it begins with neither unix: nor tls://")
        }
    }

    /// The text that it was read from.
    public var description: String {
        switch self {
        case .unix(let path): "unix:\(path)"
        case .tls(let endpoint): "tls://\(endpoint)"
        }
    }

    private static func bad(_ text: String, _ cause: String) -> FerryError {
        FerryError(
            .badReach,
            operation: "understand",
            subject: "\"\(text)\"",
            cause: cause,
            advice: "Write unix:/run/ferry/source.sock or tls://192.0.2.10:8710."
        )
    }
}
