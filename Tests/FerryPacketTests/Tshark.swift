import Foundation

@testable import FerryPacket

/// What tshark says of a capture.
enum Tshark {
    struct Packet {
        var stream: Int
        var marks: SegmentMarks
        /// In nanoseconds.
        var roundTrip: Int64?
        var firstRoundTrip: Int64?
        var completeness: Int?
        var length: Int
    }

    static let path = ["/usr/bin/tshark", "/usr/local/bin/tshark"].first {
        FileManager.default.isExecutableFile(atPath: $0)
    }

    /// The packets by their number.
    static func read(_ file: String, inTwoPasses: Bool = false) throws -> [Int: Packet] {
        let fields =
            [
                "frame.number", "tcp.stream", "tcp.len", "tcp.completeness", "tcp.analysis.ack_rtt",
                "tcp.analysis.initial_rtt",
            ] + SegmentMarks.names.map { "tcp.analysis.\($0.field)" }
        let process = Process()
        let pipe = Pipe()
        process.executableURL = URL(fileURLWithPath: path ?? "")
        process.arguments =
            ["-n", "-r", file, "-Y", "tcp && !icmp && !icmpv6", "-T", "fields"] + fields.flatMap { ["-e", $0] }
        // In two passes what is said of a conversation is said with each of its packets; but then what came later counts
        // for marks too.
        if inTwoPasses { process.arguments?.insert("-2", at: 0) }
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
            var marks: SegmentMarks = []
            for (index, name) in SegmentMarks.names.enumerated() where !cells[6 + index].isEmpty {
                marks.insert(name.mark)
            }
            // tshark gives the general field with each of the special ones.
            if !marks.isDisjoint(with: [.fastRetransmission, .spuriousRetransmission]) {
                marks.remove(.retransmission)
            }
            packets[number] = Packet(
                stream: stream,
                marks: marks,
                roundTrip: nanoseconds(cells[4]),
                firstRoundTrip: nanoseconds(cells[5]),
                completeness: Int(cells[3]),
                length: Int(cells[2]) ?? -1
            )
        }
        return packets
    }

    private static func nanoseconds(_ text: String) -> Int64? {
        Double(text).map { Int64(($0 * 1e9).rounded()) }
    }
}
