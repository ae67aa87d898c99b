import FerryAddress
import FerryCore
import FerryWire
import NIOCore
import NIOPosix
import Testing

@testable import FerryReplication

@Suite(.timeLimit(.minutes(5)))
struct LaneTrialTests {
    private typealias Count = (bytes: UInt64, microseconds: UInt64)

    /// What a trial comes to whose filler is answered as `answer` says, of the bytes that came so far.
    private func measure(
        _ answer: @escaping @Sendable (_ number: Int, _ arrived: Int) -> Count?
    ) async throws -> EndpointMeasurement {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let eventLoop = group.next()
        let listener = try await ServerBootstrap(group: group).bind(host: "127.0.0.1", port: 0).get()
        let address = try #require(listener.localAddress)
        let endpoint = try EndpointAddress(parsing: "127.0.0.1:8703")
        let target = IPEndpoint(.loopback4, port: 8703)
        let result = try await eventLoop.flatSubmit {
            let staging = ScriptedStaging(eventLoop: eventLoop, address: address)
            var (number, arrived) = (0, 0)
            staging.script = { message, peer in
                guard case .measure(let question) = message else { return true }
                var measured = Measured(
                    version: WireVersion.newest,
                    release: "9.9",
                    clock: UTCTime(microseconds: .min),
                    observedAddress: "",
                    token: question.token,
                    bytes: 0,
                    microseconds: 0,
                    owner: .notAsked
                )
                if question.filler.readableBytes > 0 {
                    arrived += question.filler.readableBytes
                    guard let count = answer(number, arrived) else { return true }
                    (measured.bytes, measured.microseconds) = count
                    number += 1
                }
                peer.say(.measured(measured))
                return true
            }
            let trial = LaneTrial(EndpointMeasurement(endpoint), job: nil, rate: nil, eventLoop: eventLoop)
            trial.begin(target) { _, _, callbacks in staging.open(callbacks) }
            return trial.result
        }.get()
        try await group.shutdownGracefully()
        return result
    }

    @Test(
        arguments: [
            [(1000, 10), (500, 20)], [(1000, 10), (2000, 5)], [(UInt64.max, 1)], [(8192, 1), (UInt64.max, UInt64.max)],
            [(1000, 10), (1000, 20)],
        ] as [[(UInt64, UInt64)]]
    )
    func numbersThatCannotBeAreRefused(_ answers: [(UInt64, UInt64)]) async throws {
        let measurement = try await measure { number, _ in number < answers.count ? answers[number] : nil }
        #expect(measurement.failure?.error.code == .wireUnexpected)
        #expect(measurement.rate == nil)
        #expect((measurement.clock?.server.microseconds ?? 0) >= 0)
    }

    @Test func numbersThatGrowAreARate() async throws {
        let measurement = try await measure { _, arrived in (UInt64(arrived), UInt64(arrived / 8192 * 1000)) }
        #expect(measurement.failure == nil)
        #expect(measurement.rate?.rate.bitsPerSecond == 8192 * 8 * 1000)
    }
}
