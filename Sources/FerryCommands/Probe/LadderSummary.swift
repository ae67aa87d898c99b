internal import FerryEvidence

/// What a ladder has found, in a sentence.
struct LadderSummary {
    private let handshake: LadderRecord.Step?
    private let steps: [LadderRecord.Step]

    init(_ record: LadderRecord) {
        handshake = record.steps.first { LadderSummary.isHandshake($0, of: record.plan) }
        // Without privileges the place is found by halving: the order says nothing.
        steps = record.steps.filter { !LadderSummary.isHandshake($0, of: record.plan) }
            .sorted { $0.timeToLive < $1.timeToLive }
    }

    /// Whether `step` is the handshake of a connection that content was to go on, which takes the full distance. It is
    /// told only if it fails.
    static func isHandshake(_ step: LadderRecord.Step, of plan: LadderPlan) -> Bool {
        plan.sends == .payload && step.timeToLive > plan.most
    }

    /// Whether the destination answered.
    var isReached: Bool { nearest?.answer == .reached }

    var text: String {
        switch nearest?.answer {
        case .reached: return "the destination answers at a distance of \(distance)"
        case .some:
            return "something ends the connection at a distance of \(distance)" + (known.map { "; \($0)" } ?? "")
                + ". Compare with the ladder of a port that works"
        case nil: break
        }
        if let handshake { return LadderSummary.without(handshake) }
        if let step = steps.last(where: { $0.answer == .unreachable }) {
            return
                "\(step.from ?? "a router"), at a distance of \(step.timeToLive), says that the destination cannot be reached: look there"
        }
        return "the destination does not answer" + (known.map { "; \($0)" } ?? "")
            + ". Routers need not answer: compare with the ladder of a port that works"
    }

    /// The same of a ladder that was cut short.
    var interrupted: String {
        switch nearest?.answer {
        case .reached: "it was interrupted; the destination answers at a distance of \(distance) at the most"
        case .some: "it was interrupted; something ends the connection at a distance of \(distance) at the most"
        case nil: "it was interrupted before the destination had answered" + (known.map { "; \($0)" } ?? "")
        }
    }

    /// The first step whose packet came as far as whoever answers for the destination.
    private var nearest: LadderRecord.Step? { steps.first { [.reached, .reset, .closed].contains($0.answer) } }

    private var distance: String {
        guard let nearest else { return "" }
        // The search went on nearer, and then a connection failed.
        return handshake == nil ? "\(nearest.timeToLive)" : "\(nearest.timeToLive) at the most"
    }

    private var known: String? {
        let heard = steps.last { $0.answer == .expired }
        return heard.map { "the last router that answers is \($0.from ?? "unknown") at \($0.timeToLive)" }
    }

    /// Content needs a connection; a ladder of requests does not.
    private static func without(_ handshake: LadderRecord.Step) -> String {
        let advice = ". Look with --ladder, which needs no connection"
        switch handshake.answer {
        case .reset, .closed:
            return "the connection was ended before content went, so that no distance is known" + advice
        case .expired, .unreachable:
            let router = handshake.from ?? "a router"
            return "no connection came about for content to go on: \(router) says that it cannot be reached" + advice
        case .silence, .reached:
            return "no connection came about for content to go on: nothing answers the request" + advice
        }
    }
}
