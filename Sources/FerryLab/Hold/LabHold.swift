public import FerryCore
internal import Foundation

/// The process that holds a lab: it builds the network, keeps it, and does what it is asked at a socket, until it is told
/// to end. Whatever ends it, the kernel then takes all of the network away.
public final class LabHold {
    private let range: NetworkRange
    private var armed: [Fault] = []
    private let choice: LabParameters.Choice
    private let path: String
    private let secondsToBuild: Double

    /// Builds `topology`. This process has to be alone in its user and network namespaces.
    /// - Parameter path: of the topology's file, which scenarios are armed in too.
    public init(_ topology: Topology, path: String, _ choice: LabParameters.Choice) throws(FerryError) {
        self.choice = choice
        self.path = path
        let start = ContinuousClock.now
        range = try NetworkRange(topology)
        range.settle()
        let (seconds, attoseconds) = (ContinuousClock.now - start).components
        secondsToBuild = Double(seconds) + Double(attoseconds) / 1e18
    }

    /// Seconds that building took.
    public var seconds: Double { secondsToBuild }

    /// Answers requests at `listener`, one after another, until one says `down`.
    public func serve(_ listener: Int32) {
        while true {
            let peer = accept(listener, nil, nil)
            guard peer >= 0 else {
                if errno == EINTR { continue }
                return
            }
            defer { close(peer) }
            LabSocket.limit(peer, seconds: 5)
            guard let line = LabSocket.line(from: peer),
                let request = try? JSONDecoder().decode(LabRequest.self, from: Data(line))
            else { continue }
            let answer = answer(request)
            if let bytes = try? JSONEncoder().encode(answer) { LabSocket.say(Array(bytes) + [0x0A], to: peer) }
            if request == .down { return }
        }
    }

    private func answer(_ request: LabRequest) -> LabAnswer {
        do throws(FerryError) {
            switch request {
            case .status: return LabAnswer(status: status)
            case .down: break
            case .drawing:
                let armed = armed.map { TopologyDrawing.Broken($0) }
                return LabAnswer(drawing: TopologyDrawing(range.topology, armed: armed).svg)
            case .arm(let name, let scenario):
                let fault = try fault(name, scenario)
                guard !armed.contains(where: { $0.name == fault.name }) else {
                    throw unknown("arm", fault.name, "it is armed already")
                }
                if let other = armed.first(where: { $0.collides(with: fault) }) {
                    throw unknown(
                        "arm",
                        fault.name,
                        "\(other.name) is armed, and changes the same line, service or setting"
                    )
                }
                try range.arm(fault)
                armed.append(fault)
                return LabAnswer(fault: fault.name, provoked: scenario.flatMap { try? provocation($0) })
            case .disarm(let name, let scenario):
                let fault =
                    if let known = armed.first(where: { $0.name == name }) { known } else {
                        try fault(name, scenario)
                    }
                guard let known = armed.first(where: { $0.name == fault.name }) else {
                    throw unknown("disarm", fault.name, "it is not armed")
                }
                // What could not be undone would not be undone by a second try either.
                armed.removeAll { $0.name == known.name }
                try range.disarm(known)
                return LabAnswer(fault: known.name)
            }
            return LabAnswer()
        } catch {
            return LabAnswer(problem: LabAnswer.Problem(error))
        }
    }

    private func fault(_ name: String?, _ scenario: String?) throws(FerryError) -> Fault {
        if let scenario {
            // Whatever topology it was written for: it has to name what is there.
            let file = try ScenarioFile(path: scenario, in: path, choice)
            guard let fault = file.scenario.fault else {
                throw unknown("find", file.scenario.name, "nothing is broken in this scenario")
            }
            return fault
        }
        guard let fault = range.topology.faults.first(where: { $0.name == name }) else {
            throw unknown("find", name ?? "", "the topology \(range.topology.name) has no such fault")
        }
        return fault
    }

    /// What a fault shows itself by only after so many connections, as a sentence; nil if it shows itself at once.
    private func provocation(_ scenario: String) throws(FerryError) -> String? {
        let signs = try ScenarioFile(path: scenario, in: path, choice).scenario.signs
        guard let sign = signs.first(where: { $0.before + $0.beside > 0 }) else { return nil }
        let probe = sign.probe
        let how = sign.before > 0 ? "\(sign.before) connections in a row" : "\(sign.beside) connections at a time"
        return "it shows after \(how) from \(probe.node) to \(probe.address):\(probe.port)"
    }

    private func unknown(_ operation: String, _ name: String, _ cause: String) -> FerryError {
        FerryError(
            .labUnknown,
            operation: operation,
            subject: "the fault \(name)",
            cause: cause,
            advice: "`ferry-lab status` lists the faults and those that are armed."
        )
    }

    private var status: LabAnswer.Status {
        let ways = range.lineNames.map { name in
            let counts = range.line(ofLink: name)?.counts ?? (LineCounts(), LineCounts())
            let both = [counts.0, counts.1]
            return LabAnswer.Status.Way(
                link: name,
                received: both.map(\.received),
                delivered: both.map(\.delivered),
                dropped: both.map { $0.lost + $0.policed + $0.queueFull + $0.tooLong + $0.overrun }
            )
        }
        return LabAnswer.Status(
            topology: range.topology.name,
            nodes: range.topology.nodes.map { node in
                LabAnswer.Status.Node(name: node.name, namespace: range.namespaces[node.name]?.path ?? "")
            },
            faults: range.topology.faults.map(\.name),
            armed: armed.map { TopologyDrawing.Broken($0) },
            ways: ways,
            secondsToBuild: secondsToBuild
        )
    }
}
