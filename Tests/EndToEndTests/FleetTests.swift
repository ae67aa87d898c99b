import Foundation
import Testing

/// Real agents in the namespaces of source servers, against one staging server.
@Suite(.enabled(if: Lab.obstacle == nil, Lab.obstacle ?? ""))
struct FleetTests {
    private static let topology = "\(Programs.repository)/Lab/topologies/fleet.yaml"

    /// All that a fleet leaves for a while is in the folder of the test.
    private func words(_ site: Site, _ more: String...) -> [String] {
        ["env", "TMPDIR=\(site.folder)", "\(Programs.folder)/ferry-lab", "fleet", "--json"] + more
    }

    /// The processes that have the folder of the test in their command lines, each with its program's name.
    private func processes(of site: Site) -> [Int32: String] {
        var found: [Int32: String] = [:]
        for name in (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? [] {
            guard let process = Int32(name),
                let text = try? String(contentsOfFile: "/proc/\(process)/cmdline", encoding: .utf8),
                text.contains("\(site.folder)/ferry-lab-run-"), let program = text.split(separator: "\0").first
            else { continue }
            found[process] = String(program.split(separator: "/").last ?? "")
        }
        return found
    }

    private func leftovers(of site: Site) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: site.folder).filter { $0.hasPrefix("ferry-lab-run-") }
    }

    @Test func everySourceIsVerifiedAndNothingIsLeft() async throws {
        try await Site.with { site in
            let words = words(site, "--sources", "12", "--at-once", "4", "--disk", "3MiB", "--topology", Self.topology)
            let (status, said) = try await RunningProgram.run(words, in: site.folder)
            #expect(status == 0, "\(said)")
            let last = Data((said.split(separator: "\n").last ?? "").utf8)
            let report = try #require(try JSONSerialization.jsonObject(with: last) as? [String: Any])
            #expect(report["verified"] as? Int == 12 && report["failed"] as? Int == 0)
            // They have a half in common, of which all but the first find most.
            #expect(report["alreadyThereBytes"] as? Int ?? 0 > 4 << 20)
            #expect(report["wireBytes"] as? Int ?? 0 > report["sentBytes"] as? Int ?? .max)
            let lab = try #require(report["lab"] as? [String: Any])
            #expect(lab["namespaces"] as? Int == 17 && lab["packetsForward"] as? Int ?? 0 > 1000)
            #expect(lab["linesProcessorSeconds"] as? Double ?? 0 > 0)
            #expect(processes(of: site).isEmpty)
            #expect(try leftovers(of: site).isEmpty)
        }
    }

    @Test func jobThatIsKeptFromTheStagingServerIsToldAndCostsTheOthersNothing() async throws {
        try await Site.with { site in
            let topology = "\(site.folder)/t.yaml"
            let block = """
                nodes:
                  - name: walled
                    place: source-host
                    routes: [default via 10.60.0.1]
                    nft: |
                      table ip wall {
                        chain out {
                          type filter hook output priority filter; policy accept;
                          tcp dport 8703 drop
                        }
                      }

                """
            let link = """
                  - name: walled
                    near: { node: walled, device: eth0, address: 10.60.0.2/30 }
                    far: { node: cloud-edge, device: walled, address: 10.60.0.1/30 }

                """
            let fleet = try String(contentsOfFile: Self.topology, encoding: .utf8)
                .replacingOccurrences(of: "nodes:\n", with: block)
            try (fleet + link).write(toFile: topology, atomically: true, encoding: .utf8)
            let words = words(
                site,
                "--sources",
                "3",
                "--at-once",
                "3",
                "--disk",
                "1MiB",
                "--limit",
                "40",
                "--topology",
                topology
            )
            let (status, said) = try await RunningProgram.run(words, in: site.folder)
            #expect(status == 3, "\(said)")
            let last = Data((said.split(separator: "\n").last ?? "").utf8)
            let report = try #require(try JSONSerialization.jsonObject(with: last) as? [String: Any])
            #expect(report["verified"] as? Int == 2)
            let failures = try #require(report["failures"] as? [[String: String]])
            #expect(failures.map { $0["job"] } == ["walled"])
            #expect(failures.first?["why"]?.contains("did not end within") == true)
        }
    }

    @Test func labThatIsKilledLeavesNoneOfItsPrograms() async throws {
        try await Site.with { site in
            let lab = try await underWay(site)
            try await lab.killAndWait()
            for _ in 0..<6000 where !processes(of: site).isEmpty { try await Task.sleep(for: .milliseconds(10)) }
            #expect(processes(of: site).isEmpty)
            // What it left in files goes when the next one begins.
            #expect(try leftovers(of: site).count == 1)
            let words = words(site, "--sources", "1", "--disk", "1MiB", "--topology", Self.topology)
            #expect(try await RunningProgram.run(words, in: site.folder).0 == 0)
            #expect(try leftovers(of: site).isEmpty)
        }
    }

    @Test func labThatIsAskedToEndCleansUp() async throws {
        try await Site.with { site in
            let lab = try await underWay(site)
            lab.send(SIGTERM)
            #expect(try await lab.wait() == 1)
            #expect(lab.output.contains("stopped"))
            #expect(processes(of: site).isEmpty)
            #expect(try leftovers(of: site).isEmpty)
        }
    }

    /// A fleet whose agents are at work.
    private func underWay(_ site: Site) async throws -> RunningProgram {
        let lab = try RunningProgram(
            words(site, "--sources", "12", "--at-once", "6", "--disk", "256MiB", "--topology", Self.topology),
            output: "\(site.folder)/fleet.log"
        )
        for _ in 0..<6000 {
            let programs = processes(of: site).values
            if programs.contains("ferry"), programs.contains("ferry-agent") { return lab }
            try await Task.sleep(for: .milliseconds(10))
        }
        throw TestFailure("no agent was started; the lab said:\n\(lab.output)")
    }
}
