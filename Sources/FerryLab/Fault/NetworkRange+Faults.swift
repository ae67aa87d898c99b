public import FerryCore
internal import Glibc

extension NetworkRange {
    /// Breaks the network as `fault` says. Nothing is left of it if a part of it cannot be done.
    public func arm(_ fault: Fault) throws(FerryError) {
        do throws(FerryError) {
            for rules in fault.rules { try load(rules.filter(inTable: fault.table), into: rules.node) }
            for command in fault.commands { try run(command.arm, at: command.node) }
            for setting in fault.settings { try change(setting, of: fault) }
        } catch {
            try? disarm(fault)
            throw NetworkRange.unsupported(error, fault) ?? error
        }
        for change in fault.lines {
            line(ofLink: change.link)?.set(.forward, change.settings.forward)
            line(ofLink: change.link)?.set(.back, change.settings.back)
        }
        let ledger = ledger
        for place in fault.middleboxes {
            let settings = place.middlebox
            line(ofLink: place.link)?.place([{ settings.make(ledger) }], owner: fault.name)
        }
        for change in fault.services { service(change.node, change.port)?.set(change.behaviour) }
        let now = MonotonicClock.now()
        for record in fault.records {
            ledger.add(
                CloudLedger.Act(
                    kind: record.kind,
                    source: record.source,
                    destination: record.destination,
                    port: record.port,
                    action: record.action,
                    policy: record.policy,
                    since: now,
                    until: record.lasts.map { now + $0.nanoseconds }
                )
            )
        }
        for load in fault.loads {
            guard let namespace = try? namespace(of: load.node) else { continue }
            keep(LoadThread(load, in: namespace), for: fault.name)
        }
        // Lines hear of it within their pause.
        if !fault.links.isEmpty { usleep(NetworkRange.hearing) }
    }

    /// `error` as one of a kernel that lacks what a fault needs; nil if it is another.
    static func unsupported(_ error: FerryError, _ fault: Fault) -> FerryError? {
        // What nft says of an expression that the kernel has no module for, and of one that may not be used here.
        let signs = [
            "Could not process rule: No such file", "Operation not supported", "Protocol not supported",
            "does not offer it to network namespaces",
        ]
        let said = error.cause + error.advice
        guard signs.contains(where: said.contains) else { return nil }
        return FerryError(
            .labUnsupported,
            operation: "arm",
            subject: fault.name,
            cause: "this kernel lacks what it needs: \(error.subject): \(error.cause)",
            advice: "Another kernel has it; all else of the lab works on this one."
        )
    }

    /// Microseconds within which a line has heard what changed.
    private static let hearing: UInt32 = 25_000

    /// Mends what `arm` broke.
    public func disarm(_ fault: Fault) throws(FerryError) {
        for load in takeLoads(of: fault.name) { load.end() }
        try restoreSettings(of: fault.name)
        for rules in fault.rules { try deleteTables(fault.table, of: rules.node) }
        for change in fault.lines {
            guard let settings = topology.links.first(where: { $0.name == change.link })?.line else { continue }
            line(ofLink: change.link)?.set(.forward, settings.forward)
            line(ofLink: change.link)?.set(.back, settings.back)
        }
        for place in fault.middleboxes { line(ofLink: place.link)?.removeMiddleboxes(of: fault.name) }
        for change in fault.services { service(change.node, change.port)?.set(.works) }
        let policies = Set(
            fault.records.map(\.policy)
                + fault.middleboxes.compactMap { place in
                    switch place.middlebox {
                    case .policy(let settings): settings.name
                    case .scrubbing: ScrubbingCap.policy
                    default: nil
                    }
                }
        )
        // Until the lines have heard of it, policies still write.
        if !fault.links.isEmpty { usleep(NetworkRange.hearing) }
        for policy in policies { ledger.end(policy: policy, at: MonotonicClock.now()) }
        // What can be undone is undone, whatever cannot.
        var failure: FerryError?
        for command in fault.commands {
            do throws(FerryError) { try run(command.disarm, at: command.node) } catch { failure = failure ?? error }
        }
        if let failure { throw failure }
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
    /// It does not tell what it is: whoever diagnoses may look at the rules of the node where it stands.
    fileprivate var table: String { Fault.tablePrefix + String(FNV1a(name).value, radix: 36) }

    /// What the names of a lab's own tables begin with while a fault is armed.
    static let tablePrefix = "lab_"
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

extension ErrorCode {
    /// The kernel or a tool lacks what a fault needs.
    public static let labUnsupported = ErrorCode("lab.unsupported", .failure)
}
