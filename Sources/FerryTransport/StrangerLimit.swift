internal import FerryAddress
public import NIOCore
internal import Synchronization

/// How many connections have not shown a certificate yet: each takes a descriptor, and whoever can reach the port can
/// make them.
public final class StrangerLimit: Sendable {
    /// So many a staging server keeps in all: few beside the descriptors and the memory that it has.
    static let most = 1024
    /// And so many from one address or IPv6 network. A whole fleet may call from behind one, and all at once after an outage;
    /// each shows its certificate within some round trips.
    static let mostFromOneOrigin = 256

    private let most: Int
    private let mostFromOneOrigin: Int

    /// Whom a connection is counted for: an IPv4 address, or the /64 that one customer has to take IPv6 addresses from.
    private enum Origin: Hashable {
        case address(UInt32)
        case network(UInt64)
        case unknown

        init(_ address: SocketAddress?) {
            switch address?.ipAddress.flatMap({ IPAddress(parsing: $0) }) {
            case .v4(let word): self = .address(word)
            case .v6(high: 0, let low, _) where low >> 32 == 0xFFFF: self = .address(UInt32(truncatingIfNeeded: low))
            case .v6(let high, _, _): self = .network(high)
            case nil: self = .unknown
            }
        }
    }

    private struct State {
        var count = 0
        var byOrigin: [Origin: Int] = [:]
        /// How many were turned away and not told of.
        var turnedAway = 0
    }

    private let state = Mutex(State())

    /// A staging server's.
    convenience init() { self.init(most: StrangerLimit.most, mostFromOneOrigin: StrangerLimit.mostFromOneOrigin) }

    /// A limit of `most` in all.
    /// - Parameter mostFromOneOrigin: how many of them one address may have, or one IPv6 network of 64 bits: others are to find
    ///   room beside it.
    public init(most: Int, mostFromOneOrigin: Int) {
        self.most = most
        self.mostFromOneOrigin = mostFromOneOrigin
    }

    /// Counts a connection from `address` in; false if there is no room for it.
    public func admit(_ address: SocketAddress?) -> Bool {
        let origin = Origin(address)
        return state.withLock { state in
            guard state.count < most, state.byOrigin[origin, default: 0] < mostFromOneOrigin else { return false }
            state.count += 1
            state.byOrigin[origin, default: 0] += 1
            return true
        }
    }

    /// Counts one out that was admitted.
    public func leave(_ address: SocketAddress?) {
        let origin = Origin(address)
        state.withLock { state in
            state.count -= 1
            let left = (state.byOrigin[origin] ?? 1) - 1
            state.byOrigin[origin] = left > 0 ? left : nil
        }
    }

    /// Notes that one was turned away.
    /// - Returns: whether it is the first that nobody was told of.
    func turnAway() -> Bool {
        state.withLock { state in
            state.turnedAway += 1
            return state.turnedAway == 1
        }
    }

    /// How many were turned away since the last time.
    func takeTurnedAway() -> Int {
        state.withLock { state in
            defer { state.turnedAway = 0 }
            return state.turnedAway
        }
    }
}

/// Closes a connection for which there is no room, before anything is read from it.
final class TurnedAwayHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    func channelActive(context: ChannelHandlerContext) { context.close(promise: nil) }
}
