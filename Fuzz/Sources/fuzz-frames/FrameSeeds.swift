internal import FerryCore
internal import FerryImage
internal import FerryWire
internal import FuzzLoop
internal import NIOCore

/// One stream of each message, and one of all that an agent sends.
enum FrameSeeds {
    static func all() -> [FuzzLoop.Seed] {
        let agent = agentMessages.map { message in stream { message.write(to: &$0) } }
        let staging = stagingMessages.map { message in stream { message.write(to: &$0) } }
        let session = stream { buffer in for message in agentMessages { message.write(to: &buffer) } }
        return (agent + staging + [session]).enumerated().map { ("\($0)", $1) }
    }

    private static func stream(_ write: (inout ByteBuffer) -> Void) -> [UInt8] {
        var buffer = ByteBuffer(bytes: [6])
        write(&buffer)
        return Array(buffer.readableBytesView)
    }

    private static let digest = SHA256.digest(of: UnsafeRawBufferPointer(start: nil, count: 0))
    private static let time = UTCTime(microseconds: 1_529_000_000_000_000)

    private static var agentMessages: [AgentMessage] {
        [
            .hello(Hello(job: "web-01", epoch: 7, lane: 2, liveLanes: [1, 2], release: "0.1.0", clock: time)),
            .openDisk(OpenDisk(disk: 0, name: "sda", identity: "size=1", size: .mebibytes(2), cutRule: 1)),
            .offer(offer),
            .data(
                DataPart(
                    batch: 1,
                    firstNeeded: 0,
                    runs: 1,
                    unpackedLength: 4096,
                    encoding: .zstd,
                    content: ByteBuffer(string: "content")
                )
            ),
            .endPass(
                EndPass(disk: 0, pass: 1, consistency: .consistent, root: digest, startedAt: time, endedAt: time)
            ),
            .ping(token: 7), .goodbye(reason: "the job is done"),
            .measure(Measure(token: 7, job: "web-01", filler: ByteBuffer(string: "filler"))),
        ]
    }

    private static var offer: Offer {
        var changed = BlockSet()
        changed.insert(contentsOf: 21..<25)
        let runs = [
            RegionRun(.keep, start: 0, blocks: 20), RegionRun(.patch, start: 20, blocks: 10, digest: digest),
            RegionRun(.chunk, start: 30, blocks: 200, digest: digest), RegionRun(.zero, start: 230, blocks: 20),
            RegionRun(.unused, start: 250, blocks: 3), RegionRun(.damaged, start: 253, blocks: 3),
        ]
        return Offer(
            batch: 5,
            disk: 1,
            isRepair: true,
            regions: [OfferedRegion(index: 77, leaf: digest, runs: runs, changed: changed)],
            emptyRanges: [EmptyRange(first: 9, count: 4000, kind: .unused)]
        )
    }

    private static var stagingMessages: [StagingMessage] {
        [
            .welcome(Welcome(version: 1, release: "0.1.0", clock: time, observedAddress: "192.0.2.1:5")),
            .refuse(Refusal(code: "wire.version", text: "could not", advice: "Install", mayRetry: true)),
            .diskState(DiskState(disk: 0, volume: (1, 2), lastPass: 3)),
            .need(Need(batch: 9, outOfStep: [4, 5], needed: (0..<30).map { $0 % 3 == 0 })), .durable(batch: 9),
            .verifying(disk: 0, done: .mebibytes(1), total: .mebibytes(2)),
            .verified(disk: 0, pass: 1, generation: 1, root: digest), .repair(disk: 0, pass: 1, regions: [1, 2, 9]),
            .pong(token: 7),
            .measured(
                Measured(
                    version: 1,
                    release: "0.1.0",
                    clock: time,
                    observedAddress: "192.0.2.1:5",
                    token: 7,
                    bytes: 1 << 20,
                    microseconds: 3,
                    owner: .nobody
                )
            ),
        ]
    }
}
