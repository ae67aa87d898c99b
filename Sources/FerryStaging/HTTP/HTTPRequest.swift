internal import FerryCore
internal import NIOCore
internal import NIOHTTP1

/// What a client asks for, from the moment on at which its head is there.
struct HTTPRequest {
    private enum Kind {
        /// Something shall be read.
        case read
        /// A body shall be thrown away.
        case discard(DiscardedBody)
        /// A body should be thrown away, and is not now.
        case refused(FerryError)
        /// Nothing that is done here.
        case unwanted
    }

    let head: HTTPRequestHead
    private let kind: Kind

    /// - Parameter patience: how long a body may come that is thrown away.
    init(_ head: HTTPRequestHead, core: StagingCore, patience: TimeAmount) {
        self.head = head
        if head.method == .GET || head.method == .HEAD {
            kind = .read
        } else if let length = HTTPRequest.discardableLength(head) {
            do throws(FerryError) {
                kind = .discard(try DiscardedBody(length: length, core: core, patience: patience))
            } catch {
                kind = .refused(error)
            }
        } else {
            kind = .unwanted
        }
    }

    /// Whether all of it is waited for, and another may follow it.
    var isWanted: Bool {
        switch kind {
        case .read, .discard: true
        case .refused, .unwanted: false
        }
    }

    /// The body that is thrown away while it comes.
    var discarded: DiscardedBody? {
        if case .discard(let body) = kind { body } else { nil }
    }

    /// The answer, if nothing has to be looked at for it.
    var answerOfItself: HTTPAnswer? {
        switch kind {
        case .read: nil
        case .discard(let body): HTTPAnswer { $0.member("discardedBytes", body.received) }
        case .refused(let error): HTTPAnswer(.tooManyRequests, error)
        case .unwanted: HTTPAnswer(.methodNotAllowed, .httpMethod(head.method))
        }
    }

    /// How long the body is; nil if it is none that may be thrown away. Only what says its length before it comes can be
    /// refused before it comes.
    private static func discardableLength(_ head: HTTPRequestHead) -> Int? {
        let lengths = head.headers["content-length"]
        guard head.method == .POST, head.uri == "/", lengths.count == 1, let length = Int(lengths[0]),
            0...DiscardingAllowance.longestBody ~= length,
            !head.headers.contains(name: "transfer-encoding"), !head.headers.contains(name: "upgrade")
        else { return nil }
        return length
    }
}
