import FerryAddress
import FerryEvidence
import FerryResolver
import Glibc
import Testing

@testable import FerryProbe

/// Requests of our own making, which the kernel of this machine answers. They need CAP_NET_RAW.
@Suite(.enabled(if: PacketTap.isPermitted), .timeLimit(.minutes(5)))
struct HalfOpenProbeTests {
    /// A port of `address` at which something listens, or with which nothing is done.
    private final class Port {
        let number: UInt16
        private let descriptor: Int32

        init(_ address: IPAddress, listens: Bool) throws {
            let descriptor = socket(address.family, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
            self.descriptor = descriptor
            let bound = KernelAddress(IPEndpoint(address, port: 0)).pass { bind(descriptor, $0, $1) }
            try #require(bound == 0 && (!listens || listen(descriptor, 4) == 0), "\(address): \(errno)")
            number = try #require(KernelAddress.bound(descriptor)).port
        }

        deinit { close(descriptor) }
    }

    private func record(
        _ address: IPAddress,
        _ port: Port,
        _ change: (inout ProbePlan) -> Void = { _ in }
    ) async -> ProbeRecord {
        var plan = ProbePlan(id: "p1", vantage: "here", host: "\(address)", port: port.number, speaks: .tcp)
        plan.isHalfOpen = true
        plan.connectSeconds = 2.5
        plan.limitSeconds = 10
        change(&plan)
        let record = await ProbeRun(plan, resolver: Resolver(ResolverConfiguration())).record()
        withExtendedLifetime(port) {}
        return record
    }

    @Test(arguments: [IPAddress.loopback4, .loopback6])
    func whoListensAnswersWithTheOptionsThatWereAskedFor(address: IPAddress) async throws {
        let port = try Port(address, listens: true)
        let all = await record(address, port)
        #expect(all.outcome == .ok && all.vantageProblem == nil, "\(all)")
        let answer = try #require(all.handshake?.answers.first)
        #expect(answer.flags.contains("S") && answer.flags.contains("A"))
        #expect(answer.windowScale != nil && answer.hasTimestamps == true)
        let few = await record(address, port) {
            var options = ProbeOptions()
            (options.windowScale, options.timestamps, options.selectiveAcknowledgement) = (false, false, false)
            options.maximumSegment = 700
            $0.options = options
        }
        let bare = try #require(few.handshake?.answers.first)
        #expect(bare.windowScale == nil && bare.hasTimestamps != true && bare.permitsSelectiveAcknowledgement != true)
        #expect(few.handshake?.requests.first?.maximumSegment == 700)
    }

    @Test(arguments: [IPAddress.loopback4, .loopback6])
    func whoDoesNotListenRefuses(address: IPAddress) async throws {
        let refused = await record(address, try Port(address, listens: false))
        #expect(refused.outcome == .refusedFull && refused.closedBy == .peer, "\(refused)")
        #expect(refused.closing?.flags.contains("R") == true)
    }

    @Test(arguments: [IPAddress.loopback4, .loopback6])
    func contentOfOurOwnMakingIsAnswered(address: IPAddress) async throws {
        let port = try Port(address, listens: true)
        var plan = LadderPlan(id: "l1", vantage: "here", host: "\(address)", port: port.number, sends: .payload)
        plan.most = 3
        let ladder = await LadderRun(plan, resolver: Resolver(ResolverConfiguration())).record()
        withExtendedLifetime(port) {}
        #expect(ladder.vantageProblem == nil && ladder.requests == 1)
        #expect(ladder.steps.map(\.answer) == [.reached], "\(ladder.steps)")
    }
}
