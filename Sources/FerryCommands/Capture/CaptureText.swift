internal import FerryCore
internal import FerryPacket

/// A capture as a person reads it: what it holds, a table of flows, a sentence for each trouble.
struct CaptureText {
    let text: String

    init(_ collected: CollectedFlows, _ table: FlowTable, _ stop: CaptureStop?) {
        var collected = collected
        let rows = collected.finalRows()
        var lines = [CaptureText.summary(collected, table), ""]
        lines += CaptureText.aligned([CollectedFlows.titles] + rows.map(\.cells))
        if rows.count < collected.count {
            lines.append("… and \(collected.count - rows.count) flows more; --rows shows more, --json all")
        }
        for row in rows where !row.troubles.isEmpty {
            lines.append("")
            lines.append(row.name)
            lines += row.troubles.map { "  - \($0)" }
        }
        text = lines.joined(separator: "\n")
    }

    private static func summary(_ collected: CollectedFlows, _ table: FlowTable) -> String {
        let tally = table.tally
        var parts = [
            "\(tally.packets) packets, \(ByteCount(tally.wireBytes))",
            "\(table.flowCount) flows, \(collected.troubledCount) with troubles",
        ]
        for (count, text) in [
            (tally.others, "of other protocols"), (tally.notIP, "not IP"),
            (tally.truncated, "cut before their headers end"),
            (tally.malformed, "malformed"), (tally.unknownLink, "of an unknown link type"),
            (tally.strangeErrors, "ICMP errors about no flow here"),
        ] where count > 0 { parts.append("\(count) \(text)") }
        if table.evictions > 0 { parts.append("\(table.evictions) flows were forgotten early (--limit)") }
        return parts.joined(separator: "; ")
    }

    static func cells(_ flow: Flow) -> [String] {
        [
            "\(flow.number)", "\(flow.client.end)", "\(flow.server.end)", clock(flow.start), time(flow.duration),
            "\(flow.packets)", "\(ByteCount(flow.client.newBytes))", "\(ByteCount(flow.server.newBytes))",
            flow.serverRoundTrip.map(time) ?? "-", "\(flow.client.retransmissions + flow.server.retransmissions)",
            flow.connectionState, flow.history,
        ]
    }

    /// The time of day to the millisecond, in UTC.
    private static func clock(_ time: PacketTime) -> String { String(time.utc.description.dropFirst(11).prefix(12)) }

    static func time(_ nanoseconds: Int64) -> String {
        let tenths: (Double) -> String = { "\(($0 * 10).rounded() / 10)" }
        return switch nanoseconds {
        case 1_000_000_000...: tenths(Double(nanoseconds) / 1e9) + " s"
        case 1_000_000...: tenths(Double(nanoseconds) / 1e6) + " ms"
        default: "\(nanoseconds / 1000) µs"
        }
    }

    static func signed(_ nanoseconds: Int64) -> String {
        nanoseconds <= -1000 ? "-" + time(-nanoseconds) : time(max(0, nanoseconds))
    }

    /// Columns as wide as their widest cell.
    static func aligned(_ rows: [[String]]) -> [String] {
        let columns = rows.map(\.count).max() ?? 0
        let widths = (0..<columns).map { column in
            rows.map { $0.indices.contains(column) ? $0[column].count : 0 }.max() ?? 0
        }
        return rows.map { row in
            var line = ""
            for (column, cell) in row.enumerated() {
                line += cell
                if column + 1 < row.count { line += String(repeating: " ", count: widths[column] - cell.count + 2) }
            }
            return line
        }
    }
}
