internal import FerryCore

/// Makes the connections of a baseline, and keeps count of what they cost.
final class Prober {
    /// How a connection is made; a test says what it meets, without a network.
    typealias Make = (PlainAsk) throws(FerryError) -> PlainProbe.Result

    let site: Topology.Site
    private let make: Make
    private(set) var cost = Verdict.Cost()

    init(_ site: Topology.Site, _ make: @escaping Make) {
        self.site = site
        self.make = make
    }

    /// The vantage where it fails.
    var source: String { site.vantages.first?.name ?? "" }

    /// Another vantage at `position`.
    func vantage(at position: String) -> String? { site.vantages.dropFirst().first { $0.position == position }?.name }

    /// Connects from `vantage`; nil without one.
    func ask(
        _ vantage: String?,
        _ endpoint: Topology.Site.Endpoint?,
        _ change: (inout PlainAsk) -> Void = { _ in }
    ) throws(FerryError) -> PlainProbe.Result? {
        guard let vantage, let endpoint else { return nil }
        return try connect(vantage, endpoint, change)
    }

    /// Connects from the vantage where it fails.
    func ask(
        _ endpoint: Topology.Site.Endpoint,
        _ change: (inout PlainAsk) -> Void = { _ in }
    ) throws(FerryError) -> PlainProbe.Result { try connect(source, endpoint, change) }

    private func connect(
        _ vantage: String,
        _ endpoint: Topology.Site.Endpoint,
        _ change: (inout PlainAsk) -> Void
    ) throws(FerryError) -> PlainProbe.Result {
        var ask = PlainAsk(vantage: vantage, host: endpoint.host, port: endpoint.port)
        change(&ask)
        let result = try make(ask)
        if vantage == source, ask.host == site.suspect.host, ask.port == site.suspect.port { cost.suspectConnects += 1 }
        cost.bytes += ask.bytes
        cost.seconds += result.time.inSeconds
        return result
    }

    /// Notes time that passed without a connection.
    func note(wait: Duration) { cost.seconds += wait.inSeconds }
}

extension Duration {
    /// It as a number of seconds.
    var inSeconds: Double {
        let (seconds, attoseconds) = components
        return Double(seconds) + Double(attoseconds) / 1e18
    }
}
