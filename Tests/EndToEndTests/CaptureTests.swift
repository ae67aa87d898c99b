import Foundation
import Testing

/// `ferry capture` before captures of broken networks, beside tshark.
@Suite(
    .enabled(if: Lab.obstacle == nil, Lab.obstacle ?? ""),
    .enabled(if: TsharkRun.path != nil, "tshark is not installed"),
    .enabled(if: TsharkRun.hasSocat, "socat is not installed")
)
struct CaptureTests {
    /// What breaks the network one after the other, and whether it forges what ends connections. A firewall that
    /// rejects forges as well; its flows never come to the staging server, but a late packet of an earlier one may.
    private static let faults: [(name: String?, forges: Bool)] = [
        (nil, false), ("b08-lan-loss", false), ("b11-firewall-reject", true), ("b27-random-loss", false),
        ("b29-reordering", false), ("b31-mtu-black-hole", false), ("b35-window-scale-stripped", false),
        ("b40-payload-injector", true), ("b43-payload-reset", true), ("b44-forged-close", true),
        ("b45-first-syn-drop", false), ("b67-receiver-stalled", false),
    ]

    /// Connections of several lengths to the three ports, all at a time. Those to the data port speak first, as rsync
    /// does, because some faults listen for that.
    private static let traffic = """
        for i in 1 2 3 4 5 6 7 8; do
          (printf '@RSYNCD: 31.0\\n'; head -c $((15000 * i)) /dev/zero) 2>/dev/null \
            | timeout 3 socat -t 0.5 - TCP:203.0.113.11:8703,connect-timeout=2 >/dev/null 2>&1 &
          echo hello | timeout 2 socat -t 0.5 - TCP:203.0.113.11:8702,connect-timeout=2 >/dev/null 2>&1 &
          printf 'GET / HTTP/1.1\\r\\nHost: x\\r\\n\\r\\n' \
            | timeout 2 socat -t 0.5 - TCP:203.0.113.11:8080,connect-timeout=2 >/dev/null 2>&1 &
        done
        wait
        """

    @Test func everyPacketOfABrokenNetworkIsWhatTsharkSaysAndForgeriesAreProved() async throws {
        try await Lab.with { lab async throws in
            #expect(try await lab.run("up", Lab.topology, "--name", lab.name).status == 0)
            let files = ["source1", "staging1"].map { "\(lab.folder)/\($0).pcap" }
            var captures: [RunningProgram] = []
            for (node, file) in zip(["source1", "staging1"], files) {
                let capture = try RunningProgram(
                    [
                        "env", "XDG_RUNTIME_DIR=\(lab.folder)", "\(Programs.folder)/ferry-lab", "capture", "--lab",
                        lab.name,
                    ]
                        + [node, "-w", file],
                    output: "\(lab.folder)/capture-\(node)"
                )
                try await capture.says("capturing")
                captures.append(capture)
            }
            var forgingTimes: [ClosedRange<Double>] = []
            for fault in CaptureTests.faults {
                let begin = Date().timeIntervalSince1970
                if let name = fault.name {
                    #expect(try await lab.run("arm", "--lab", lab.name, Lab.scenario(name)).status == 0)
                }
                _ = try await lab.exec("source1", "bash", "-c", CaptureTests.traffic)
                if let name = fault.name {
                    #expect(try await lab.run("disarm", "--lab", lab.name, Lab.scenario(name)).status == 0)
                }
                if fault.forges { forgingTimes.append(begin...Date().timeIntervalSince1970) }
            }
            // What a mended network still delivers.
            try await Task.sleep(for: .milliseconds(500))
            #expect(try await lab.run("down", "--lab", lab.name).status == 0)
            for capture in captures { _ = try await capture.wait() }

            for file in files { try await CaptureTests.compareWithTshark(file, in: lab.folder) }
            try await CaptureTests.compareEnds(files, forgingTimes, in: lab.folder)
        }
    }

    private static func records(_ words: [String], in folder: String) async throws -> [[String: Any]] {
        let (status, said) = try await RunningProgram.run([Programs.ferry, "capture"] + words, in: folder, seconds: 60)
        #expect(status == 0, "\(said.suffix(500))")
        return try said.split(separator: "\n").compactMap { line in
            guard line.first == "{" else { return nil }
            return try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
        }
    }

    private static func compareWithTshark(_ file: String, in folder: String) async throws {
        let theirs = try TsharkRun.read(file)
        let ours = try await records([file, "--json", "--packets"], in: folder)
        #expect(theirs.count == ours.count && theirs.count > 5000, "\(theirs.count) and \(ours.count) packets")
        var differing: [String] = []
        var marked = 0
        var times = (both: 0, same: 0)
        for packet in ours {
            guard let number = packet["packet"] as? Int, let other = theirs[number] else { continue }
            let marks = Set(packet["marks"] as? [String] ?? [])
            if !marks.isEmpty { marked += 1 }
            if marks != other.marks || packet["flow"] as? Int != other.stream {
                differing.append("\(number): tshark \(other.stream) \(other.marks), Ferry \(marks)")
            }
            if let own = packet["roundTripMilliseconds"] as? Double, let their = other.roundTrip {
                times.both += 1
                if abs(own - their * 1000) < 0.002 { times.same += 1 }
            }
        }
        #expect(differing.isEmpty, "\(differing.count) of \(ours.count): \(differing.prefix(5))")
        #expect(times.both > 1000 && times.same == times.both, "\(times)")
        let flows = try await records([file, "--json"], in: folder).filter { $0["record"] as? String == "flow" }
        // With ICMP errors tshark counts what they quote as if it had been sent here.
        let wrong = flows.filter { flow in
            guard flow["icmp"] == nil, let number = flow["flow"] as? Int else { return false }
            return TsharkRun.completeness(theirs, number) != flow["completeness"] as? Int
        }
        #expect(wrong.isEmpty, "\(wrong.prefix(2))")
        #expect(flows.count > 250)
        print("\(file): \(ours.count) packets, \(marked) with marks, \(flows.count) flows; \(differing.count) differ")
    }

    /// Only while something forges does anything come that was never sent. A connection that an earlier fault left to
    /// its retransmissions can still be there then, so the moment of each such packet counts, not its flow's beginning.
    private static func compareEnds(_ files: [String], _ times: [ClosedRange<Double>], in folder: String) async throws {
        let flows = try await records(files + ["--json"], in: folder).filter { $0["record"] as? String == "comparison" }
        #expect(flows.count > 200)
        var proved = 0
        var missed = 0
        for flow in flows {
            guard let first = flow["first"] as? [String: Any], let start = first["start"] as? String,
                let up = flow["toServer"] as? [String: Any], let down = flow["toClient"] as? [String: Any],
                let server = first["server"] as? [String: Any], flow["isTerminated"] as? Bool == false
            else { continue }
            let listens = server["port"] as? Int == 8703
            let forged = [up, down].reduce(0) { $0 + ($1["neverSent"] as? Int ?? 0) }
            let moments = [up, down].flatMap { $0["neverSentPackets"] as? [[String: Any]] ?? [] }
                .compactMap { ($0["time"] as? String).map(TsharkRun.seconds) }
            #expect(moments.isEmpty == (forged == 0), "\(flow)")
            #expect(moments.allSatisfy { at in listens && times.contains { $0.contains(at) } }, "\(flow)")
            guard listens, times.contains(where: { $0.contains(TsharkRun.seconds(start)) }) else { continue }
            if forged > 0 { proved += 1 } else { missed += 1 }
        }
        #expect(proved >= 20 && missed * 10 <= proved, "\(proved) proved, \(missed) missed")
        print("\(flows.count) flows at both ends, \(proved) forgeries proved, \(missed) flows among them without")
    }
}
