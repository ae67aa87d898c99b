import FerryCore
import FerryImage
import FerryWire
import NIOCore
import NIOPosix

@testable import FerryTransport

/// A staging server that says what a test wants it to say, and otherwise what an honest one would. Lives on the event loop
/// of its agent; what the agent says gets there without a network and without TLS.
final class ScriptedStaging {
    /// Its end of one lane.
    final class Peer {
        /// Which of the lanes that were opened it is, from 1.
        let number: Int
        private weak var lane: Lane?
        /// Batches that were offered and are not durable, and how many of their runs are still to come.
        fileprivate var batches: [(number: UInt64, missing: Int)] = []

        fileprivate init(number: Int, lane: Lane) {
            self.number = number
            self.lane = lane
        }

        /// Says `message`, once the agent is done with what it does now.
        func say(_ message: StagingMessage) {
            guard let lane else { return }
            let bound = NIOLoopBound((lane: lane, message: message), eventLoop: lane.channel.eventLoop)
            lane.channel.eventLoop.execute {
                let (lane, message) = bound.value
                guard lane.channel.isActive else { return }
                var buffer = ByteBuffer()
                message.write(to: &buffer)
                var decoder = FrameDecoder()
                decoder.append(&buffer)
                guard let frame = try? decoder.next() else { return }
                lane.lastHeardAt = .now()
                lane.callbacks.onFrame(lane, frame)
            }
        }

        func hangUp() { lane?.close() }
    }

    private let eventLoop: any EventLoop
    private let address: SocketAddress
    /// Whether lanes can be opened at all; if not, nobody answers.
    var isReachable = true
    /// Whether it wants the content that is offered.
    var wantsContent = false
    /// What it does in place of an honest server; false leaves it to that.
    var script: (AgentMessage, Peer) -> Bool = { _, _ in false }
    /// Lanes that the agent wanted to open.
    private(set) var dials = 0
    /// Offers that came.
    private(set) var offers = 0

    /// A server whose connections lead to `address`, where nothing is ever said.
    init(eventLoop: any EventLoop, address: SocketAddress) {
        self.eventLoop = eventLoop
        self.address = address
    }

    /// Opens a lane for the agent.
    func open(_ callbacks: Lane.Callbacks) {
        dials += 1
        guard isReachable else { return }
        let number = dials
        let bound = NIOLoopBound((staging: self, callbacks: callbacks), eventLoop: eventLoop)
        ClientBootstrap(group: eventLoop).connect(to: address).whenSuccess { channel in
            let (staging, callbacks) = bound.value
            let lane = Lane(channel: channel, openedAt: .now(), callbacks: callbacks)
            let peer = Peer(number: number, lane: lane)
            try? channel.pipeline.syncOperations.addHandlers(lane.abortHandler, ScriptedHandler(lane, peer, staging))
            lane.phase = .hello
            callbacks.onOpen(lane, nil)
        }
    }

    fileprivate func hear(_ message: AgentMessage, _ peer: Peer) {
        if case .offer = message { offers += 1 }
        if !script(message, peer) { answer(message, peer) }
    }

    private func answer(_ message: AgentMessage, _ peer: Peer) {
        switch message {
        case .hello:
            peer.say(
                .welcome(Welcome(version: WireVersion.newest, release: "9.9", clock: .now(), observedAddress: ""))
            )
        case .openDisk(let open): peer.say(.diskState(DiskState(disk: open.disk, volume: (1, 2), lastPass: 0)))
        case .offer(let offer):
            let runs = ScriptedStaging.runs(of: offer)
            peer.batches.append((offer.batch, wantsContent ? runs : 0))
            let needed = [Bool](repeating: wantsContent, count: runs)
            peer.say(.need(Need(batch: offer.batch, outOfStep: [], needed: needed)))
            keep(peer)
        case .data(let part):
            guard let place = peer.batches.firstIndex(where: { $0.number == part.batch }) else { return }
            peer.batches[place].missing -= Int(part.runs)
            keep(peer)
        case .endPass(let end): peer.say(.verified(disk: end.disk, pass: end.pass, generation: 1, root: end.root))
        case .ping(let token): peer.say(.pong(token: token))
        case .goodbye, .measure: break
        }
    }

    private func keep(_ peer: Peer) {
        while let first = peer.batches.first, first.missing <= 0 {
            peer.batches.removeFirst()
            peer.say(.durable(batch: first.number))
        }
    }

    /// Runs of `offer` that a NEED answers.
    static func runs(of offer: Offer) -> Int {
        offer.regions.reduce(0) { $0 + $1.runs.count { $0.kind == .chunk || $0.kind == .patch } }
    }
}

/// Hands what the agent sends to the scripted server, and tells the agent when the connection has ended.
private final class ScriptedHandler: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundIn = ByteBuffer

    private let lane: Lane
    private let peer: ScriptedStaging.Peer
    private let staging: ScriptedStaging
    private var decoder = FrameDecoder()

    init(_ lane: Lane, _ peer: ScriptedStaging.Peer, _ staging: ScriptedStaging) {
        self.lane = lane
        self.peer = peer
        self.staging = staging
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        var bytes = unwrapOutboundIn(data)
        decoder.append(&bytes)
        while let frame = try? decoder.next(), let message = try? AgentMessage(frame) {
            let bound = NIOLoopBound((staging, message, peer), eventLoop: context.eventLoop)
            context.eventLoop.execute {
                let (staging, message, peer) = bound.value
                staging.hear(message, peer)
            }
        }
        promise?.succeed(())
    }

    func channelInactive(context: ChannelHandlerContext) {
        lane.end()
        context.fireChannelInactive()
    }
}
