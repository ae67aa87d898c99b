internal import FerryAddress
internal import FerryCore
internal import Glibc

/// Why a name server did not help.
enum ServerFailure: Equatable {
    case silent
    case refused(Int32)
    case responseCode(UInt8)
    case unreadable

    init(_ failure: NameServerSocket.Failure) {
        switch failure {
        case .timedOut: self = .silent
        case .refused(let number): self = .refused(number)
        case .unreadable: self = .unreadable
        }
    }
}

/// What one name server did with one question.
struct ServerReport: Equatable {
    var server: IPEndpoint
    var failure: ServerFailure

    /// A clause for an error's cause.
    func text(timeout: Duration) -> String {
        switch failure {
        case .silent: return "\(server) did not answer within \(ServerReport.text(timeout))"
        case .refused(let number): return "\(server) could not be reached (\(String(cString: strerror(number))))"
        case .unreadable: return "\(server) sent an answer that makes no sense"
        case .responseCode(let code):
            return "\(server) answered \(ServerReport.name(ofResponseCode: code))"
        }
    }

    private static func name(ofResponseCode code: UInt8) -> String {
        switch code {
        case 1: "FORMERR"
        case 2: "SERVFAIL"
        case 4: "NOTIMP"
        case 5: "REFUSED"
        default: "with the response code \(code)"
        }
    }

    private static func text(_ duration: Duration) -> String {
        let (seconds, attoseconds) = duration.components
        let milliseconds = attoseconds / 1_000_000_000_000_000
        return milliseconds == 0 ? "\(seconds) s" : "\(seconds * 1000 + milliseconds) ms"
    }
}

extension [ServerReport] {
    /// The error that says what every server did; the code is the one nearest to an answer.
    func error(_ name: DomainName, timeout: Duration) -> FerryError {
        var texts: [String] = []
        for report in self where !texts.contains(report.text(timeout: timeout)) {
            texts.append(report.text(timeout: timeout))
        }
        func holds(_ test: (ServerFailure) -> Bool) -> Bool { contains { test($0.failure) } }
        let (code, advice): (ErrorCode, String) =
            if holds({ if case .responseCode = $0 { true } else { false } }) {
                (.nameServerFailed, "Ask who runs the name server, name another one, or use the address.")
            } else if holds({ $0 == .unreadable }) {
                (.badAnswer, "Name another name server, or use the address.")
            } else if isEmpty || holds({ $0 == .silent }) {
                (
                    .nameServerSilent,
                    "Check that UDP and TCP port 53 to the name server are open, name another one, or use the address."
                )
            } else {
                (.nameServerUnreachable, "Check the network and /etc/resolv.conf, or use the address.")
            }
        return FerryError(
            code,
            operation: "find the address of",
            subject: "\(name)",
            cause: isEmpty ? "the time ran out before a name server was asked" : texts.joined(separator: "; "),
            advice: advice,
            retry: .later
        )
    }
}
