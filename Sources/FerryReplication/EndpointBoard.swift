internal import FerryAddress
internal import FerryCore
internal import FerryTransport
internal import NIOCore

/// Which endpoint to try next, and when: in their declared order, each with growing gaps after failures.
struct EndpointBoard {
    /// One declared endpoint.
    struct Endpoint {
        let address: EndpointAddress
        var failures = 0
        /// Refusals since something was durable last.
        var refusals = 0
        var nextTry: NIODeadline = .distantPast
        /// Lanes to it, also those that are being opened.
        var lanes = 0
        /// Lanes to it that the staging server has welcomed.
        var openLanes = 0
        /// Why the last lane to it failed, if that cannot change by itself.
        var permanentFailure: FerryError?

        /// Whether the lane that is being opened should show first what becomes of it: until something is known of the way,
        /// more of them would be a burst.
        var isBeingTried: Bool { lanes > openLanes && (failures > 0 || openLanes == 0) }
    }

    private(set) var endpoints: [Endpoint]
    /// The longest gap between two tries of one endpoint.
    static let longestGap = TimeAmount.seconds(60)

    init(_ addresses: [EndpointAddress]) { endpoints = addresses.map { Endpoint(address: $0) } }

    /// The endpoint to try at `now`: of those that may be tried the one with the fewest lanes, the first among equals;
    /// or how long to wait for one, nil if the end of a try is waited for.
    func next(at now: NIODeadline) -> (index: Int?, wait: TimeAmount?) {
        let ready = endpoints.indices.filter { !endpoints[$0].isBeingTried }
        let due = ready.filter { endpoints[$0].nextTry <= now }
        if let best = due.min(by: { endpoints[$0].lanes < endpoints[$1].lanes }) { return (best, nil) }
        return (nil, ready.map { endpoints[$0].nextTry }.min().map { $0 - now })
    }

    /// A lane to `index` is being opened.
    mutating func began(_ index: Int) { endpoints[index].lanes += 1 }

    /// The staging server has welcomed a lane to `index`.
    mutating func opened(_ index: Int) { endpoints[index].openLanes += 1 }

    /// A lane to `index` has done work: the endpoint is well.
    mutating func worked(_ index: Int) {
        endpoints[index].failures = 0
        endpoints[index].permanentFailure = nil
        endpoints[index].nextTry = .distantPast
    }

    /// Something sent to `index` is durable.
    mutating func kept(_ index: Int) {
        worked(index)
        endpoints[index].refusals = 0
    }

    /// The staging server at `index` refuses for the time being, though the way to it is well.
    mutating func refused(_ index: Int) { endpoints[index].refusals += 1 }

    /// A lane to `index` has failed with `error`.
    mutating func failed(_ index: Int, _ error: FerryError) {
        endpoints[index].permanentFailure = error.retry == .permanent && error.code != .laneEnded ? error : nil
    }

    /// Why no endpoint can ever work; nil while one may.
    var hopeless: FerryError? {
        endpoints.allSatisfy { $0.permanentFailure != nil } ? endpoints.first?.permanentFailure : nil
    }

    /// A lane to `index`, which was open or not, has ended at `now`. The gap doubles with each failure in a row, from half a second, and is
    /// spread by a quarter so that a fleet does not call in step.
    mutating func ended(_ index: Int, wasOpen: Bool, at now: NIODeadline) {
        endpoints[index].lanes -= 1
        if wasOpen { endpoints[index].openLanes -= 1 }
        let doublings = min(max(endpoints[index].failures, endpoints[index].refusals - 1), 10)
        endpoints[index].failures += 1
        let gap = min(0.5 * Double(1 << doublings), Double(EndpointBoard.longestGap.nanoseconds) / 1e9)
        endpoints[index].nextTry = now + .nanoseconds(Int64(gap * Double.random(in: 0.75...1.25) * 1e9))
    }
}
