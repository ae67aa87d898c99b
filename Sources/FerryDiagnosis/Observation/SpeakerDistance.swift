internal import FerryAddress
internal import FerryEvidence

/// How far away whoever ended a connection in the host's name is: by the times to live of what came, and by a ladder to the
/// host, which names the routers on the way.
public struct SpeakerDistance: Sendable, Equatable {
    /// What was said.
    enum Speech: Sendable, Equatable {
        /// A closing packet that had this time to live left, where an answer of the host's own had that one.
        case closing(timeToLive: Int, hostTimeToLive: Int)
        /// An ICMP error from this address.
        case error(from: String)
    }

    /// Who is at some distance.
    enum Hop: Sendable, Equatable {
        /// A router that said so.
        case router(address: String, seconds: Double)
        /// The host itself.
        case host
        /// Nobody who answers.
        case silent
        /// The ladder does not go as far.
        case unseen
    }

    /// Why what it says is a guess.
    enum Doubt: String, Sendable, CaseIterable {
        /// The closing packet seems to have begun with another time to live than the host's answers.
        case otherBeginning = "other-beginning"
        /// It seems to come from behind the host.
        case behindHost = "behind-host"
        /// Who copies the host's time to live looks as far away as the host.
        case copied
        /// Hops are counted on the way there, times to live on the way back, and those are not equally long.
        case otherWayBack = "other-way-back"
    }

    /// What is known of who spoke.
    enum Place: Sendable, Equatable {
        /// The closing packet passed so many routers on its way here if it began with that time to live, and the host's own
        /// answers so many; by that `nearest` was passed, and `farthest` is the first that was not.
        case counted(routers: Int, ofHost: Int, beginning: Int, nearest: Hop, farthest: Hop)
        /// An address with its place on the way; without one where it did not answer the ladder.
        case named(address: String, number: Int?, seconds: Double?)
    }

    let place: Place
    let doubts: [Doubt]

    /// What `ladder`, which goes to the host, adds to `speech`; nil if there is nothing in one of them.
    init?(_ speech: Speech, _ ladder: LadderRecord) {
        guard ladder.vantageProblem == nil, !ladder.steps.isEmpty else { return nil }
        switch speech {
        case .error(let from):
            guard let address = SpeakerDistance.address(from) else { return nil }
            let step = ladder.steps.first { SpeakerDistance.address($0.from) == address }
            place = .named(address: address, number: step?.timeToLive, seconds: step?.seconds)
            doubts = []
        case .closing(let left, let ofHost):
            guard let closing = PassedRouters(timeToLive: left), let host = PassedRouters(timeToLive: ofHost) else {
                return nil
            }
            place = .counted(
                routers: closing.count,
                ofHost: host.count,
                beginning: closing.beginning,
                nearest: SpeakerDistance.hop(closing.count, of: ladder),
                farthest: SpeakerDistance.hop(closing.count + 1, of: ladder)
            )
            let reached = ladder.steps.first { [.reached, .reset].contains($0.answer) }?.timeToLive
            let all: [(Doubt, Bool)] = [
                (.otherBeginning, closing.beginning != host.beginning), (.behindHost, closing.count > host.count),
                (.copied, closing.count == host.count && closing.beginning == host.beginning),
                (.otherWayBack, reached.map { $0 != host.count + 1 } ?? false),
            ]
            doubts = all.filter(\.1).map(\.0)
        }
    }

    private static func hop(_ number: Int, of ladder: LadderRecord) -> Hop {
        guard let step = ladder.steps.first(where: { $0.timeToLive == number }) else { return .unseen }
        switch step.answer {
        case .reached, .reset, .closed: return .host
        case .silence: return .silent
        case .expired, .unreachable:
            return address(step.from).map { .router(address: $0, seconds: step.seconds) } ?? .silent
        }
    }

    /// What a vantage calls an address, if it is one: others' words are told nowhere.
    private static func address(_ text: String?) -> String? { text.flatMap { IPAddress(parsing: $0) }.map { "\($0)" } }
}

/// How many routers a packet has passed, by what is left of its time to live.
struct PassedRouters {
    /// What it most likely began with: systems and devices take one of these.
    let beginning: Int
    let count: Int

    private static let beginnings = [32, 64, 128, 255]

    init?(timeToLive: Int) {
        guard timeToLive > 0, let beginning = PassedRouters.beginnings.first(where: { $0 >= timeToLive }) else {
            return nil
        }
        self.beginning = beginning
        count = beginning - timeToLive
    }
}
