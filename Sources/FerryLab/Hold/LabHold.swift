public import FerryCore
internal import Foundation

/// The process that holds a lab: it builds the network, keeps it, and does what it is asked at a socket, until it is told
/// to end. Whatever ends it, the kernel then takes all of the network away.
public final class LabHold {
    private let range: NetworkRange
    private var armed: [Fault] = []
    private let choice: LabParameters.Choice
    private let secondsToBuild: Double

    /// Builds `topology`. This process has to be alone in its user and network namespaces.
    public init(_ topology: Topology, _ choice: LabParameters.Choice) throws(FerryError) {
        self.choice = choice
        let start = ContinuousClock.now
        range = try NetworkRange(topology)
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
            case .arm(let name, let scenario):
                let fault = try fault(name, scenario)
                guard !armed.contains(where: { $0.name == fault.name }) else {
                    throw unknown("arm", fault.name, "it is armed already")
                }
                try range.arm(fault)
                armed.append(fault)
                return LabAnswer(fault: fault.name)
            case .disarm(let name, let scenario):
                let fault =
                    if let known = armed.first(where: { $0.name == name }) { known } else {
                        try fault(name, scenario)
                    }
                guard let known = armed.first(where: { $0.name == fault.name }) else {
                    throw unknown("disarm", fault.name, "it is not armed")
                }
                try range.disarm(known)
                armed.removeAll { $0.name == known.name }
                return LabAnswer(fault: known.name)
            }
            return LabAnswer()
        } catch {
            return LabAnswer(code: error.code.text, problem: "\(error)")
        }
    }

    private func fault(_ name: String?, _ scenario: String?) throws(FerryError) -> Fault {
        if let scenario {
            let file = try ScenarioFile(path: scenario, choice)
            guard file.topology.name == range.topology.name else {
                throw unknown("use", file.scenario.name, "it is one of the topology \(file.topology.name)")
            }
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
