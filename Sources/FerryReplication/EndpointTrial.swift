public import FerryAddress
public import FerryCore
internal import FerryResolver
public import FerryTransport
internal import NIOCore
internal import NIOPosix

/// Tries endpoints as a replication would use them, and moves nothing.
public struct EndpointTrial: Sendable {
    private let identity: TLSIdentity
    private let job: JobID?
    private let rate: BitRate?

    /// A trial under `identity`.
    /// - Parameters:
    ///   - job: the job whose owner is asked for; nil asks for none.
    ///   - rate: the rate budget; nil measures as fast as it goes.
    public init(identity: TLSIdentity, job: JobID?, rate: BitRate?) {
        self.identity = identity
        self.job = job
        self.rate = rate
    }

    /// Resolves, connects, shows the identity, asks, and sends up to 16 MiB that the staging server throws away. Ends
    /// within a minute, whatever the network does.
    /// - Throws: `FerryError` if the identity cannot be used.
    public func run(_ endpoint: EndpointAddress) async throws -> EndpointMeasurement {
        let context = try identity.agentContext()
        var measurement = EndpointMeasurement(endpoint)
        let resolving = NIOThreadPool(numberOfThreads: 1)
        resolving.start()
        do {
            measurement.addresses = try await resolving.runIfActive {
                try Resolver(.ofThisServer()).endpoints(of: endpoint, within: .seconds(15))
            }
        } catch {
            measurement.failure = EndpointMeasurement.Failure(
                step: .resolve,
                error: .wrapping(error, "\(endpoint)"),
                end: nil
            )
        }
        try? await resolving.shutdownGracefully()
        guard measurement.failure == nil, let target = measurement.addresses.first else { return measurement }
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let eventLoop = group.next()
        let dialer = LaneDialer(group: group, context: context)
        let begun = measurement
        let result = try await eventLoop.flatSubmit { [job, rate] in
            let trial = LaneTrial(begun, job: job, rate: rate, eventLoop: eventLoop)
            trial.begin(target) { address, budget, callbacks in
                dialer.dial(address, from: nil, budget: budget, on: eventLoop, callbacks: callbacks)
            }
            return trial.result
        }.get()
        try? await group.shutdownGracefully()
        return result
    }
}
