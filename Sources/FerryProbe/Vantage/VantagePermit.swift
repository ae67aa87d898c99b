internal import FerryCore
public import FerryEvidence
internal import FerryResolver
internal import Synchronization

/// What a vantage may do for whoever asks: which destinations, and how often.
public final class VantagePermit: Sendable {
    /// Destinations that it may connect to.
    public enum Destinations: Sendable {
        /// All of them: whoever may open the socket could connect to them without it, too.
        case all
        /// Those that a site file names.
        case declared(Site)
        /// None.
        case none
    }

    private let destinations: Destinations
    private let connectsPerMinute: Int?
    /// When connections were made in the last minute, by destination, in nanoseconds of the clock.
    private let history = Mutex<[String: [UInt64]]>([:])
    private let clock = ProbeClock()

    private static let minute: UInt64 = 60_000_000_000

    /// A permit.
    /// - Parameter connectsPerMinute: how many connections it makes to one address and port in a minute; nil for any number.
    public init(_ destinations: Destinations, connectsPerMinute: Int?) {
        self.destinations = destinations
        self.connectsPerMinute = connectsPerMinute
    }

    /// Why a connection to `host` at `port`, `count` times, may not be made; nil if it may, and then it counts.
    func refusal(_ host: String, _ port: UInt16, count: Int) -> VantageAnswer.Refusal? {
        guard allows(host, port) else {
            return VantagePermit.refused("\(host):\(port) is not in the site file that this vantage was started with")
        }
        guard let most = connectsPerMinute else { return nil }
        let now = clock.now
        let key = "\(host.lowercased()):\(port)"
        let made = history.withLock { history -> Int? in
            let recent = (history[key] ?? []).filter { now - $0 < VantagePermit.minute }
            history[key] = recent
            guard recent.count + count > most else {
                history[key] = recent + Array(repeating: now, count: count)
                return nil
            }
            return recent.count
        }
        guard let made else { return nil }
        return VantageAnswer.Refusal(
            code: "\(ErrorCode.vantageRate)",
            says:
                "\(made) connections to \(host):\(port) were made in the last minute, and \(count) more would be over the "
                + "\(most) that this vantage makes in a minute"
        )
    }

    /// Why `host` may not be watched or looked at; nil if it may.
    func refusal(watching host: String) -> VantageAnswer.Refusal? {
        switch destinations {
        case .all: return nil
        case .none: break
        case .declared(let site):
            let hosts = VantagePermit.endpoints(site).map(\.host) + site.sourceAddresses.map(\.address)
            if hosts.contains(where: { VantagePermit.isSame($0, host) }) { return nil }
        }
        return VantagePermit.refused("\(host) is not in the site file that this vantage was started with")
    }

    private func allows(_ host: String, _ port: UInt16) -> Bool {
        switch destinations {
        case .all: true
        case .none: false
        case .declared(let site):
            VantagePermit.endpoints(site).contains { VantagePermit.isSame($0.host, host) && $0.port == port }
        }
    }

    private static func endpoints(_ site: Site) -> [(host: String, port: UInt16)] {
        let declared = [site.suspect] + site.controls + site.otherDestinations
        return declared.map { ($0.host, $0.port) } + site.alternatePorts.map { (site.suspect.host, $0) }
    }

    private static func isSame(_ left: String, _ right: String) -> Bool {
        if let address = IPAddress(parsing: left) { return address == IPAddress(parsing: right) }
        return left.lowercased() == right.lowercased()
    }

    private static func refused(_ says: String) -> VantageAnswer.Refusal {
        VantageAnswer.Refusal(code: "\(ErrorCode.vantageRefused)", says: says)
    }
}
