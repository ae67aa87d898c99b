import Foundation
import Testing

/// The network range, by its own commands. Each test has a lab of its own.
@Suite(.enabled(if: Lab.obstacle == nil, Lab.obstacle ?? ""))
struct LabTests {
    @Test func networkOfTheCaseComesUpIsBrokenIsMendedAndIsGone() async throws {
        try await Lab.with { lab async throws in
            let up = try await lab.run("up", Lab.topology, "--name", lab.name)
            #expect(up.status == 0 && up.said.contains("22 nodes"), "\(up.said)")
            #expect(try await lab.probe("source1", 8703) == "answers: @RSYNCD: 31.0")
            #expect(try await lab.probe("source2", 8080) == "answers: HTTP/1.1 200 OK")
            for (fault, seen) in [
                ("b11-firewall-reject", "refused, reset or no way there"), ("b38-carrier-port-block", "no answer"),
            ].map({ (Lab.scenario($0.0), $0.1) }) {
                #expect(try await lab.run("arm", "--lab", lab.name, fault).status == 0)
                #expect(try await lab.probe("source1", 8703) == seen)
                // Only the port, and only from the customer.
                #expect(try await lab.probe("source1", 8702) == "answers: @RSYNCD: 31.0")
                #expect(try await lab.probe("outside", 8703) == "answers: @RSYNCD: 31.0")
                #expect(try await lab.run("disarm", "--lab", lab.name, fault).status == 0)
                #expect(try await lab.probe("source1", 8703) == "answers: @RSYNCD: 31.0")
            }
            #expect(try await lab.run("down", "--lab", lab.name).status == 0)
            #expect(try await lab.run("exec", "--lab", lab.name, "source1", "--", "true").status == 2)
        }
    }

    @Test func policyOfTheCloudBlocksAnAddressAndAPortOnceProvoked() async throws {
        try await Lab.with { lab async throws in
            #expect(try await lab.run("up", Lab.topology, "--name", lab.name).status == 0)
            #expect(try await lab.run("arm", "--lab", lab.name, Lab.scenario("b51-anti-abuse-block")).status == 0)
            var seen: [String] = []
            for _ in 0..<24 { seen.append(try await lab.probe("source1", 8703)) }
            #expect(seen.first == "answers: @RSYNCD: 31.0" && seen.last == "refused, reset or no way there", "\(seen)")
            #expect(try await lab.probe("source1", 8702) == "answers: @RSYNCD: 31.0")
            #expect(try await lab.probe("source1", 8080) == "answers: HTTP/1.1 200 OK")
            #expect(try await lab.probe("outside", 8703) == "answers: @RSYNCD: 31.0")
        }
    }

    @Test func labWhoseProcessIsKilledLeavesNothingAndItsNameIsFree() async throws {
        try await Lab.with { lab async throws in
            #expect(try await lab.run("up", Lab.topology, "--name", lab.name).status == 0)
            #expect(try await lab.run("up", Lab.topology, "--name", lab.name).status == 2)
            let process = try lab.process()
            kill(process, SIGKILL)
            for _ in 0..<3000 where kill(process, 0) == 0 { try await Task.sleep(for: .milliseconds(20)) }
            let devices = try String(contentsOfFile: "/proc/net/dev", encoding: .utf8)
            #expect(!devices.contains("ll0"), "\(devices)")
            #expect(try await lab.run("up", Lab.topology, "--name", lab.name).status == 0)
        }
    }

    /// Those that do not measure rates: what else runs beside a test is no part of it.
    private static let sample = [
        "B01", "B04", "B05", "B06", "B10", "B11", "B12", "B13", "B14", "B16", "B17", "B19", "B21", "B30", "B31", "B33",
        "B34",
        "B38", "B40", "B41", "B42", "B43", "B44", "B47", "B48", "B50", "B51", "B52", "B53", "B54", "B55", "B57", "B60",
        "B61",
        "B63", "B65", "B66", "B68", "B70", "B74", "B79", "B80",
    ]

    @Test func everyFaultShowsWhatItsScenarioClaimsAndNothingOnceMended() async throws {
        try await Lab.with { lab async throws in
            let folder = "\(Programs.repository)/Lab/scenarios"
            let files = try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasSuffix(".yaml") }
                .sorted()
            #expect(files.count >= 60)
            let played = files.filter { file in
                Lab.playsAll || LabTests.sample.contains { file.hasPrefix($0.lowercased() + "-") }
            }
            #expect(played.count >= 40)
            // A long way, so that what is near is told from what is far though the machine is busy.
            let words = ["run", "--jobs", "4"] + (Lab.playsAll ? [] : ["--set", "oneWay=40ms"])
            let (status, said) = try await lab.run(words + played.map { "\(folder)/\($0)" }, seconds: 900)
            #expect(status == 0, "\(said)")
        }
    }

    @Test(.enabled(if: Lab.playsAll, "FERRY_FULL is not set"))
    func caseGoesAsItWentWithRealAgentsInIt() async throws {
        try await Lab.with { lab async throws in
            let story = "\(Programs.repository)/Lab/timelines/case.yaml"
            let (status, said) = try await lab.run(["replay", story], seconds: 600)
            #expect(status == 0 && said.contains("everything was as in the story"), "\(said)")
        }
    }

    /// nft's `queue` is in few kernels; where it is, there is nothing to skip.
    @Test func scenarioThatNeedsWhatTheKernelLacksIsSkippedAndSaidSo() async throws {
        try await Lab.with { lab async throws in
            let scenario = "\(lab.folder)/queue.yaml"
            try """
            scenario: Q
            title: needs what few kernels have
            topology: \(Lab.topology)
            fault:
              name: queue
              summary: packets wait for a program
              rules:
                - node: unicom
                  nft: |
                    table ip fault {
                      chain judge {
                        type filter hook forward priority filter; policy accept;
                        tcp dport 8703 queue num 1
                      }
                    }
            truth: { causes: [carrier-port-block], loci: [carrier], mechanism: drop, selector: [destination-port],
              trigger: standing, memory: until-lifted, remedy: ask-carrier }
            signs: [{ from: source1, to: "203.0.113.11:8703", sees: SYN_TIMEOUT }]
            """.write(toFile: scenario, atomically: true, encoding: .utf8)
            let (status, said) = try await lab.run("run", scenario)
            #expect(status == 0)
            #expect(
                said.contains("0 of 1 scenarios show what they claim, 1 skipped for what this machine lacks")
                    || said.contains("1 of 1 scenarios show what they claim"),
                "\(said)"
            )
        }
    }

    @Test func captureHasEveryPacketOfAConnectionAndEndsWithItsLab() async throws {
        try await Lab.with { lab async throws in
            #expect(try await lab.run("up", Lab.topology, "--name", lab.name).status == 0)
            let file = "\(lab.folder)/source1.pcap"
            let capture = try lab.start("capture", "--lab", lab.name, "source1", "-w", file)
            try await capture.says("capturing")
            #expect(try await lab.probe("source1", 8703) == "answers: @RSYNCD: 31.0")
            try await Task.sleep(for: .milliseconds(500))
            let words = ["tcpdump", "-n", "-r", file, "tcp port 8703"]
            let lines = try await RunningProgram.run(words, in: lab.folder).1.split(separator: "\n").map(String.init)
            // Handshake of three, the greeting, and both farewells; what acknowledges them may travel with others.
            func count(_ text: String) -> Int { lines.count { $0.contains(text) } }
            #expect(count("Flags [S],") == 1 && count("Flags [S.],") == 1 && count("length 14") == 1, "\(lines)")
            #expect(count("Flags [F.],") == 2 && count("Flags [.],") >= 2, "\(lines)")
            #expect(try await lab.run("down", "--lab", lab.name).status == 0)
            #expect(try await capture.wait() == 0)
        }
    }

    @Test func whatWasStartedInALabEndsWithIt() async throws {
        try await Lab.with { lab async throws in
            #expect(try await lab.run("up", Lab.topology, "--name", lab.name).status == 0)
            let sleeper = try lab.start("exec", "--lab", lab.name, "source1", "--", "sleep", "600")
            try await Task.sleep(for: .milliseconds(500))
            #expect(sleeper.ended() == nil)
            #expect(try await lab.run("down", "--lab", lab.name).status == 0)
            #expect(try await sleeper.wait() == 128 + SIGTERM)
        }
    }

    /// A lab with mounts of its own would keep those of the machine busy after their owner has unmounted them.
    @Test func labHasNoMountsOfItsOwn() async throws {
        try await Lab.with { lab async throws in
            #expect(try await lab.run("up", Lab.topology, "--name", lab.name).status == 0)
            let own = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/ns/mnt")
            let process = try lab.process()
            #expect(try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(process)/ns/mnt") == own)
        }
    }

    @Test func coreThatIsDownSilencesOnlyItsOwnCarrier() async throws {
        try await Lab.with { lab async throws in
            #expect(try await lab.run("up", Lab.topology, "--name", lab.name).status == 0)
            #expect(try await lab.probe("source1", 8703) == "answers: @RSYNCD: 31.0")
            #expect(try await lab.run("arm", "--lab", lab.name, Lab.scenario("b39-carrier-black-hole")).status == 0)
            try await Task.sleep(for: .milliseconds(1200))
            #expect(try await lab.probe("source1", 8703) == "no answer")
            #expect(try await lab.probe("outside", 8703) == "answers: @RSYNCD: 31.0")
        }
    }

    /// What Ferry's look-up of provider records will talk to.
    @Test func consoleShowsTheBlockAndTheAllowlistCuresIt() async throws {
        try await Lab.with { lab async throws in
            #expect(try await lab.run("up", Lab.topology, "--name", lab.name).status == 0)
            #expect(try await lab.run("arm", "--lab", lab.name, Lab.scenario("b51-anti-abuse-block")).status == 0)
            for _ in 0..<14 { _ = try await lab.probe("source1", 8703) }
            #expect(try await lab.probe("source1", 8703) == "refused, reset or no way there")
            let records = try await lab.exec("source1", "curl", "-s", "http://192.0.2.200/blocks").said
            #expect(records.contains("\"source\":\"198.18.2.62\",\"destination\":null,\"port\":8703"), "\(records)")
            let allow = "{\"source\": \"198.18.2.62\"}"
            let answer = try await lab.exec("source1", "curl", "-s", "-d", allow, "http://192.0.2.200/allowlist").said
            #expect(answer.contains("\"effectiveInSeconds\":3"), "\(answer)")
            #expect(try await lab.probe("source1", 8703) == "refused, reset or no way there")
            try await Task.sleep(for: .seconds(3))
            #expect(try await lab.probe("source1", 8703) == "answers: @RSYNCD: 31.0")
        }
    }
}

/// A lab of one test.
struct Lab {
    let name: String
    let folder: String

    /// Why tests with a lab cannot run here; nil if they can.
    static let obstacle: Comment? = {
        guard Programs.areBuilt, FileManager.default.isExecutableFile(atPath: program) else {
            return "FERRY_BIN names no folder with ferry-lab"
        }
        if access("/dev/net/tun", R_OK | W_OK) != 0 { return "/dev/net/tun may not be used" }
        return nil
    }()

    /// Whether tests that take long are wanted.
    static let playsAll = ProcessInfo.processInfo.environment["FERRY_FULL"] != nil

    private static let program = "\(Programs.folder)/ferry-lab"
    static let topology = "\(Programs.repository)/Lab/topologies/case.yaml"

    /// Runs `body` with a lab that is down again afterwards.
    static func with(_ body: (Lab) async throws -> Void) async throws {
        try await Site.with { site in
            let lab = Lab(name: "t\(UInt32.random(in: 0 ... .max))", folder: site.folder)
            do {
                try await body(lab)
            } catch {
                _ = try? await lab.run("down", "--lab", lab.name)
                throw error
            }
            _ = try? await lab.run("down", "--lab", lab.name)
        }
    }

    /// Its folder is in that of the test, and not among those of whoever runs it.
    private var environment: [String] { ["env", "XDG_RUNTIME_DIR=\(folder)"] }

    func run(_ words: String...) async throws -> (status: Int32, said: String) { try await run(words) }

    func run(_ words: [String], seconds: Double = 120) async throws -> (status: Int32, said: String) {
        let (status, said) = try await RunningProgram.run(
            environment + [Lab.program] + words,
            in: folder,
            seconds: seconds
        )
        return (status, said)
    }

    /// The path of a scenario.
    static func scenario(_ name: String) -> String { "\(Programs.repository)/Lab/scenarios/\(name).yaml" }

    /// Starts a command that goes on.
    func start(_ words: String...) throws -> RunningProgram {
        try RunningProgram(environment + [Lab.program] + words, output: "\(folder)/output-\(words[0])")
    }

    /// Runs a program at a node.
    func exec(_ node: String, _ words: String...) async throws -> (status: Int32, said: String) {
        let (status, said) = try await RunningProgram.run(
            environment + [Lab.program, "exec", "--lab", name, node, "--"] + words,
            in: folder
        )
        return (status, said)
    }

    /// What a person with telnet sees at a node.
    func probe(_ node: String, _ port: Int) async throws -> String {
        let script = "\(Programs.repository)/scripts/lib/probe.sh"
        let (status, said) = try await exec(node, "timeout", "3", "bash", script, "203.0.113.11", "\(port)")
        return status == 124 ? "no answer" : said.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// The process that holds it.
    func process() throws -> Int32 {
        let text = try String(contentsOfFile: "\(folder)/ferry-lab/\(name)/process", encoding: .utf8)
        return try #require(Int32(text))
    }
}
