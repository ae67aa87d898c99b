internal import NIOCore
internal import Synchronization

/// How many connections have not shown a certificate yet: each takes a descriptor, and whoever can reach the port can
/// make them.
public final class StrangerLimit: Sendable {
    /// So many a staging server keeps in all: few beside the descriptors and the memory that it has.
    static let most = 1024
    /// And so many from one address. A whole fleet may call from behind one, and all at once after an outage; each shows
    /// its certificate within some round trips.
    static let mostFromOneAddress = 256

    private let most: Int
    private let mostFromOneAddress: Int

    private struct State {
        var count = 0
        var byAddress: [String: Int] = [:]
        /// How many were turned away and not told of.
        var turnedAway = 0
    }

    private let state = Mutex(State())

    /// A staging server's.
    convenience init() { self.init(most: StrangerLimit.most, mostFromOneAddress: StrangerLimit.mostFromOneAddress) }

    /// A limit of `most` in all.
    /// - Parameter mostFromOneAddress: how many of them one address may have: others are to find room beside it.
    public init(most: Int, mostFromOneAddress: Int) {
        self.most = most
        self.mostFromOneAddress = mostFromOneAddress
    }

    /// Counts a connection from `address` in; false if there is no room for it.
    public func admit(_ address: String) -> Bool {
        state.withLock { state in
            guard state.count < most, state.byAddress[address, default: 0] < mostFromOneAddress else { return false }
            state.count += 1
            state.byAddress[address, default: 0] += 1
            return true
        }
    }

    /// Counts one out that was admitted.
    public func leave(_ address: String) {
        state.withLock { state in
            state.count -= 1
            let left = (state.byAddress[address] ?? 1) - 1
            state.byAddress[address] = left > 0 ? left : nil
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
