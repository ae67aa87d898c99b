public import FerryCore

extension NetworkRange {
    /// Breaks the network as `fault` says. Nothing is left of it if a part of it cannot be done.
    public func arm(_ fault: Fault) throws(FerryError) {
        do throws(FerryError) {
            for rules in fault.rules { try load(rules.filter(inTable: fault.table), into: rules.node) }
            for command in fault.commands { try run(command.arm, at: command.node) }
        } catch {
            try? disarm(fault)
            throw error
        }
        for change in fault.lines {
            line(ofLink: change.link)?.set(.forward, change.settings.forward)
            line(ofLink: change.link)?.set(.back, change.settings.back)
        }
    }

    /// Mends what `arm` broke.
    public func disarm(_ fault: Fault) throws(FerryError) {
        for rules in fault.rules { try deleteTables(fault.table, of: rules.node) }
        for change in fault.lines {
            guard let settings = topology.links.first(where: { $0.name == change.link })?.line else { continue }
            line(ofLink: change.link)?.set(.forward, settings.forward)
            line(ofLink: change.link)?.set(.back, settings.back)
        }
        for command in fault.commands { try run(command.disarm, at: command.node) }
    }

    private func deleteTables(_ name: String, of node: String) throws(FerryError) {
        let tables = try run(["nft", "list", "tables"], at: node)
        for line in tables.split(separator: "\n") {
            let words = line.split(separator: " ").map(String.init)
            guard words.count == 3, words[2] == name else { continue }
            try run(["nft", "delete"] + words, at: node)
        }
    }
}

extension Fault {
    /// The name of its tables while it is armed, so that it can be mended beside others of the same node.
    fileprivate var table: String { "fault_" + name.map { $0 == "-" ? "_" : String($0) }.joined() }
}

extension Fault.Rules {
    /// The rule set with `table` for the name of its tables.
    fileprivate func filter(inTable table: String) -> String {
        filter.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            var words = line.split(separator: " ", omittingEmptySubsequences: false)
            guard line.hasPrefix("table "), words.count > 2 else { return String(line) }
            words[2] = table[...]
            return words.joined(separator: " ")
        }.joined(separator: "\n")
    }
}
