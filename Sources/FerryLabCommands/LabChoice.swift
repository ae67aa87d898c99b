internal import FerryCore
internal import FerryLab

/// Finds the lab that a command is about.
enum LabChoice {
    /// The lab `name`, or the only one that is up.
    static func folder(_ name: String?) throws(FerryError) -> LabFolder {
        if let name { return LabFolder(name: name) }
        let up = LabFolder.up
        guard let only = up.first, up.count == 1 else {
            throw FerryError(
                .labNotUp,
                operation: "choose",
                subject: "a lab",
                cause: up.isEmpty ? "none is up" : "\(up.map(\.name).joined(separator: ", ")) are up",
                advice: up.isEmpty ? "`ferry-lab up FILE` brings one up." : "Say which with --lab."
            )
        }
        return only
    }

    /// A node of the lab `name`, and the process that holds it.
    static func node(_ node: String, _ name: String?) throws(FerryError) -> (
        process: Int32, place: LabAnswer.Status.Node
    ) {
        let folder = try folder(name)
        let process = try folder.runningProcess()
        let nodes = try ask(.status, folder.name).status?.nodes ?? []
        guard let place = nodes.first(where: { $0.name == node }) else {
            throw FerryError(
                .labUnknown,
                operation: "find",
                subject: "the node \(node)",
                cause: "the lab \(folder.name) has \(nodes.map(\.name).joined(separator: ", "))",
                advice: "Name one of these."
            )
        }
        return (process, place)
    }

    /// Asks the lab, and returns its answer.
    /// - Throws: `FerryError` with what the lab says, if it says no.
    static func ask(_ request: LabRequest, _ name: String?) throws(FerryError) -> LabAnswer {
        let folder = try folder(name)
        let answer = try LabSocket.ask(request, folder)
        if let problem = answer.problem { throw problem.error }
        return answer
    }
}
