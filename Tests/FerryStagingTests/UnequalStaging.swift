import FerryCore
import FerryImage
import FerryTransport
import FerryWire
import NIOCore
import NIOPosix

/// A staging server that keeps nothing, answers the first offer with content long after all others, and acknowledges in the
/// order of the offers, as it must.
struct UnequalStaging {
    private let listener: LaneListener
    private let group: MultiThreadedEventLoopGroup
    let port: Int

    /// Listens on loopback with `identity`; answers the first offer once `patience` bytes of content have come for others.
    init(identity: TLSIdentity, patience: Int) async throws {
        group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        listener = try await LaneListener.listen(
            on: try SocketAddress(ipAddress: "127.0.0.1", port: 0),
            group: group,
            context: try identity.stagingContext()
        ) { _ in
            let script = Script(patience: patience)
            return Lane.Callbacks(
                onOpen: { _, _ in },
                onFrame: { lane, frame in
                    if let message = try? AgentMessage(frame) { script.hear(message, lane) }
                },
                onDrain: { _ in },
                onEnd: { _ in }
            )
        }
        port = Int(listener.address.split(separator: ":").last ?? "") ?? 0
    }

    func close() async throws {
        try await listener.close()
        try await group.shutdownGracefully()
    }

    /// What is said on one lane. Lives on its event loop.
    private final class Script {
        private let patience: Int
        /// For each batch that is not durable, in the order of the offers, how many runs are missing.
        private var missing: [(batch: UInt64, runs: Int)] = []
        private var withheld: Need?
        private var hasWithheld = false
        private var received = 0

        init(patience: Int) { self.patience = patience }

        func hear(_ message: AgentMessage, _ lane: Lane) {
            switch message {
            case .hello:
                lane.phase = .transfer
                lane.send(
                    .welcome(Welcome(version: WireVersion.newest, release: "9.9", clock: .now(), observedAddress: ""))
                )
            case .openDisk(let open):
                lane.send(.diskState(DiskState(disk: open.disk, volume: (1, 2), lastPass: 0)))
            case .offer(let offer): answer(offer, lane)
            case .data(let part): take(part, lane)
            case .endPass(let end):
                lane.send(.verified(disk: end.disk, pass: end.pass, generation: 1, root: end.root))
            case .ping(let token): lane.send(.pong(token: token))
            case .measure, .goodbye: break
            }
        }

        private func answer(_ offer: Offer, _ lane: Lane) {
            let runs = offer.regions.flatMap(\.runs).count { $0.kind == .chunk || $0.kind == .patch }
            missing.append((offer.batch, runs))
            let need = Need(batch: offer.batch, outOfStep: [], needed: Array(repeating: true, count: runs))
            if runs > 0, !hasWithheld {
                withheld = need
                hasWithheld = true
            } else {
                lane.send(.need(need))
            }
            acknowledge(lane)
        }

        private func take(_ part: DataPart, _ lane: Lane) {
            received += part.content.readableBytes
            if let place = missing.firstIndex(where: { $0.batch == part.batch }) {
                missing[place].runs -= Int(part.runs)
            }
            if received >= patience, let need = withheld {
                withheld = nil
                lane.send(.need(need))
            }
            acknowledge(lane)
        }

        private func acknowledge(_ lane: Lane) {
            var last: UInt64?
            while let first = missing.first, first.runs == 0 {
                last = first.batch
                missing.removeFirst()
            }
            if let last { lane.send(.durable(batch: last)) }
        }
    }
}
