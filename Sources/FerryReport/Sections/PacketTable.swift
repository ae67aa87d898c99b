internal import FerryCore
internal import FerryEvidence

extension ReportWriter {
    /// The packets that open and end connections, as they were captured at the probing end and by who watched.
    var packets: [ReportDocument.Block] {
        var rows: [ReportDocument.Row] = []
        // The suspect's first, and of others only what shows how far away the same host's answers come from.
        let probes = incident.probes.filter { $0.closing != nil || $0.handshake != nil }
        for probe in probes.filter({ isSuspect($0.plan) }).prefix(4) + probes.filter({ !isSuspect($0.plan) }).prefix(2)
        {
            let flow =
                "\(probe.source ?? probe.plan.vantage) → \(probe.destination ?? Place.text(probe.plan.host, probe.plan.port))"
            func add(_ packet: PacketFacts, _ role: PacketRole, fromPeer: Bool) {
                rows.append(row(probe.plan.id, probe.plan.vantage, flow, packet, role, fromPeer: fromPeer))
            }
            // What works is there for its answers.
            let requests = probe.outcome.worked ? [] : probe.handshake?.requests ?? []
            for packet in requests.prefix(2) { add(packet, .request, fromPeer: false) }
            for packet in (probe.handshake?.answers ?? []).prefix(2) { add(packet, .answer, fromPeer: true) }
            if let packet = probe.closing { add(packet, .closing, fromPeer: true) }
            for packet in (probe.afterClosing ?? []).prefix(3) { add(packet, .afterClosing, fromPeer: true) }
        }
        for (number, watch) in incident.watches.filter({ $0.vantageProblem == nil }).prefix(6).enumerated() {
            let atSuspect = watch.flows.filter { isSuspect(port: $0.serverPort) }.prefix(3)
            // A connection that works beside it shows from how far away the host's own packets come; one of each place is enough.
            let beside = number < 2 ? watch.flows.first { !isSuspect(port: $0.serverPort) } : nil
            for flow in Array(atSuspect) + [beside].compactMap({ $0 }) {
                let client = Place.text(flow.client, flow.clientPort)
                let server = Place.text(flow.server, flow.serverPort)
                func add(_ packets: [PacketFacts], _ role: PacketRole, fromServer: Bool) {
                    for packet in packets.prefix(2) {
                        rows.append(
                            row(
                                watch.plan.id,
                                watch.plan.vantage,
                                "\(client) → \(server)",
                                packet,
                                role,
                                fromPeer: fromServer
                            )
                        )
                    }
                }
                add(flow.fromClient.openings, .request, fromServer: false)
                add(flow.fromServer.openings, .answer, fromServer: true)
                add(flow.fromServer.closings, .closing, fromServer: true)
                add(flow.fromClient.closings, .closing, fromServer: false)
            }
        }
        guard !rows.isEmpty else { return [] }
        return [
            .paragraph(.strong(wording.packets) + Line(wording.colon + wording.packetsIntroduction)),
            .table(head: wording.packetHeads(), rows: rows),
        ]
    }

    /// Whether the suspect's service is at `port` of its host.
    private func isSuspect(port: UInt16) -> Bool {
        incident.site.map { $0.suspect.port == port || $0.alternatePorts.contains(port) } ?? true
    }

    private func row(
        _ record: String,
        _ vantage: String,
        _ flow: String,
        _ packet: PacketFacts,
        _ role: PacketRole,
        fromPeer: Bool
    ) -> ReportDocument.Row {
        let isEnd = packet.flags.contains("R") || packet.flags.contains("F")
        let direction = fromPeer ? "←" : "→"
        return ReportDocument.Row([
            .code(record), .code(vantage), .code(flow), Line(Self.milliseconds(packet.seconds)),
            Line("\(direction) \(wording.packetRole(role))"), isEnd ? Line(packet.flags, .bad) : .code(packet.flags),
            Line("\(packet.timeToLive)"), Line(packet.identification.map { "\($0)" } ?? ""),
            Line(packet.sequenceOffset.map { "\($0)" } ?? ""), Line("\(packet.window)"), Line("\(packet.length)"),
        ])
    }
}
