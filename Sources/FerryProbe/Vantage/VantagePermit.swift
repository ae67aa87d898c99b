internal import FerryAddress
internal import FerryCore
public import FerryEvidence
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
    private let bytesPerMinute: Int?
    private let tell: @Sendable (String) -> Void
    /// What was done in the last minute, by destination: when, in nanoseconds of the clock.
    private let history = Mutex<[String: [(at: UInt64, connects: Int, bytes: Int)]]>([:])
    private let clock = ProbeClock()

    private static let minute: UInt64 = 60_000_000_000
    /// Destinations; with more, those are forgotten to which nothing went lately.
    private static let mostRemembered = 1000
    /// Characters of a name that are said again: whoever asks decides how long it is.
    private static let mostShown = 200

    /// A permit.
    /// - Parameters:
    ///   - connectsPerMinute: how many connections it makes to one address and port in a minute; nil for any number.
    ///   - bytesPerMinute: how many bytes it sends there in a minute; nil for any number.
    ///   - tell: is told in a sentence whom it refused and why, from any thread, and as often as strangers like.
    public init(
        _ destinations: Destinations,
        connectsPerMinute: Int?,
        bytesPerMinute: Int? = nil,
        tell: @escaping @Sendable (String) -> Void = { _ in }
    ) {
        self.destinations = destinations
        self.connectsPerMinute = connectsPerMinute
        self.bytesPerMinute = bytesPerMinute
        self.tell = tell
    }

    /// Tells whoever looks at the vantage that something was refused.
    /// - Parameter what: a sentence, which may have words of whoever asked.
    func note(refused what: String) { tell("refused \(VantageWords.cleaned(what))") }

    /// Why `count` connections to `host` at `port`, and sending `bytes` there, may not be; nil if they may, and then they
    /// count.
    func refusal(_ host: String, _ port: UInt16, count: Int, bytes: Int = 0) -> VantageAnswer.Refusal? {
        guard allows(host, port) else {
            return VantagePermit.refused(
                "\(VantagePermit.shown(host)):\(port) is not in the site file that this vantage was started with"
            )
        }
        guard connectsPerMinute != nil || bytesPerMinute != nil else { return nil }
        let key = "\(CanonicalHost(host)):\(port)"
        return history.withLock { history in
            // Taken in here: what others have noted meanwhile must not be later.
            let now = clock.now
            var recent = (history[key] ?? []).filter { now - $0.at < VantagePermit.minute }
            let refusal = refusal(after: recent, host, port, count: count, bytes: bytes)
            if refusal == nil { recent.append((now, count, bytes)) }
            history[key] = recent
            if history.count > VantagePermit.mostRemembered {
                history = history.filter { $0.value.contains { now - $0.at < VantagePermit.minute } }
            }
            return refusal
        }
    }

    private func refusal(
        after recent: [(at: UInt64, connects: Int, bytes: Int)],
        _ host: String,
        _ port: UInt16,
        count: Int,
        bytes: Int
    ) -> VantageAnswer.Refusal? {
        let connects = recent.reduce(0) { $0 + $1.connects }
        if let most = connectsPerMinute, count > most - connects {
            return VantagePermit.tooMuch("\(connects) connections", "\(count)", "\(most)", host, port)
        }
        guard let most = bytesPerMinute else { return nil }
        let sent = recent.reduce(0) { $0 + $1.bytes }
        guard bytes > most - sent else { return nil }
        return VantagePermit.tooMuch("\(ByteCount(sent))", "\(ByteCount(bytes))", "\(ByteCount(most))", host, port)
    }

    private static func tooMuch(
        _ done: String,
        _ more: String,
        _ most: String,
        _ host: String,
        _ port: UInt16
    ) -> VantageAnswer.Refusal {
        VantageAnswer.Refusal(
            code: "\(ErrorCode.vantageRate)",
            says:
                "\(done) went to \(shown(host)):\(port) in the last minute, and \(more) more would be over the \(most) that this "
                + "vantage does in a minute"
        )
    }

    /// Why `plan` may not be watched; nil if it may. Of any host, the ports of the suspect's may be: behind a translation of
    /// addresses, as in most clouds, it does not know itself by the address that the site file has. Of a suspect that is called by a
    /// name those of any address may be, which is less than those of all.
    func refusal(watching plan: WatchPlan) -> VantageAnswer.Refusal? {
        guard let refusal = refusal(watching: plan.host) else { return nil }
        guard case .declared(let site) = destinations,
            plan.host.isEmpty || IPAddress(parsing: site.suspect.host) == nil && IPAddress(parsing: plan.host) != nil
        else { return refusal }
        let ends = VantagePermit.endpoints(site).filter { VantagePermit.isSame($0.host, site.suspect.host) }
        let isDeclared = plan.ports.allSatisfy { port in ends.contains { $0.port == port } }
        if isDeclared, !plan.ports.isEmpty { return nil }
        return VantagePermit.refused(
            "without an address, or by one to which a name leads, only ports of the suspect's host may be watched that are in the site file that this vantage was started with"
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
        let what = host.isEmpty ? "what passes of any host" : VantagePermit.shown(host)
        return VantagePermit.refused("\(what) is not in the site file that this vantage was started with")
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
        CanonicalHost(left) == CanonicalHost(right)
    }

    /// As much of a name as is said again.
    static func shown(_ text: String) -> String {
        let scalars = text.unicodeScalars
        return scalars.count <= mostShown ? text : String(scalars.prefix(mostShown)) + "..."
    }

    private static func refused(_ says: String) -> VantageAnswer.Refusal {
        VantageAnswer.Refusal(code: "\(ErrorCode.vantageRefused)", says: says)
    }
}
