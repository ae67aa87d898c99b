import Foundation

/// What tshark says of a capture.
enum TsharkRun {
    struct Packet {
        var stream: Int
        var marks: Set<String>
        /// In seconds.
        var roundTrip: Double?
        var completeness: Int?
    }

    static let path = ["/usr/bin/tshark", "/usr/local/bin/tshark"].first {
        FileManager.default.isExecutableFile(atPath: $0)
    }

    /// What makes the connections of a capture.
    static let hasSocat = FileManager.default.isExecutableFile(atPath: "/usr/bin/socat")

    /// Ferry's names of what tshark has below `tcp.analysis`.
    private static let names = [
        ("retransmission", "retransmission"), ("fast_retransmission", "fastRetransmission"),
        ("spurious_retransmission", "spuriousRetransmission"), ("out_of_order", "outOfOrder"), ("lost_segment", "gap"),
        ("ack_lost_segment", "acknowledgesUnseen"), ("duplicate_ack", "duplicateAcknowledgement"),
        ("zero_window", "zeroWindow"), ("zero_window_probe", "zeroWindowProbe"),
        ("zero_window_probe_ack", "zeroWindowProbeAnswer"), ("window_full", "windowFull"),
        ("window_update", "windowUpdate"), ("keep_alive", "keepAlive"), ("keep_alive_ack", "keepAliveAnswer"),
        ("reused_ports", "reusedPorts"),
    ]

    /// The packets by their number.
    static func read(_ file: String) throws -> [Int: Packet] {
        let fields =
            ["frame.number", "tcp.stream", "tcp.analysis.ack_rtt", "tcp.completeness"]
            + names.map { "tcp.analysis.\($0.0)" }
        let process = Process()
        let pipe = Pipe()
        process.executableURL = URL(fileURLWithPath: path ?? "")
        // In two passes what is said of a conversation is said with each of its packets.
        process.arguments =
            ["-n", "-2", "-r", file, "-Y", "tcp && !icmp", "-T", "fields"] + fields.flatMap { ["-e", $0] }
        process.environment = ["HOME": "/nonexistent", "PATH": "/usr/bin:/bin"]
        process.standardOutput = pipe
        process.standardError = FileHandle.nullDevice
        try process.run()
        let output = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        var packets: [Int: Packet] = [:]
        for line in String(decoding: output, as: UTF8.self).split(separator: "\n") {
            let cells = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
            guard cells.count == fields.count, let number = Int(cells[0]), let stream = Int(cells[1]) else { continue }
            var marks = Set(names.indices.filter { !cells[4 + $0].isEmpty }.map { names[$0].1 })
            // tshark gives the general field with each of the special ones.
            if !marks.isDisjoint(with: ["fastRetransmission", "spuriousRetransmission"]) {
                marks.remove("retransmission")
            }
            packets[number] = Packet(
                stream: stream,
                marks: marks,
                roundTrip: Double(cells[2]),
                completeness: Int(cells[3])
            )
        }
        return packets
    }

    /// What tshark says of a whole conversation.
    static func completeness(_ packets: [Int: Packet], _ stream: Int) -> Int? {
        packets.values.filter { $0.stream == stream }.compactMap(\.completeness).max()
    }

    /// Seconds since 1970 of a time in RFC 3339.
    static func seconds(_ text: String) -> Double {
        let formatter = ISO8601DateFormatter()
        formatter.formatOptions = [.withInternetDateTime, .withFractionalSeconds]
        return formatter.date(from: text)?.timeIntervalSince1970 ?? 0
    }
}
