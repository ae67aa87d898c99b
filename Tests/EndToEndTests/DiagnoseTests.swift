import FerryCore
import Foundation
import Glibc
import Testing

/// `ferry diagnose` as a person runs it: at ports of this machine, and in broken networks.
@Suite struct DiagnoseTests {
    /// A listener that says nothing, and a port at which nobody listens.
    private struct Ports {
        let listener: Int32
        let control: UInt16
        let closed: UInt16

        init() throws {
            (listener, control) = try LoopbackSocket.bound()
            listen(listener, 64)
            let other = try LoopbackSocket.bound()
            closed = other.port
            close(other.descriptor)
        }

        /// A listener at a port at which nobody listens yet.
        static func listening(at port: UInt16) throws -> Int32 {
            let listener = try LoopbackSocket.bound(to: port).descriptor
            listen(listener, 64)
            return listener
        }
    }

    private static func document(_ said: String) throws -> JSONValue {
        let line = try #require(said.split(separator: "\n").first { $0.hasPrefix("{") }, "\(said)")
        let document = try JSONValue(parsing: String(line), from: "ferry diagnose")
        #expect(document["schema"]?.text == "ferry.diagnosis/1")
        return document
    }

    private static func words(_ ports: Ports, _ folder: String) -> [String] {
        [
            Programs.ferry, "diagnose", "127.0.0.1:\(ports.closed)", "--control", "\(ports.control)", "--tier", "0",
            "--time-scale", "0.02", "--json", "--incident", "\(folder)/incident",
        ]
    }

    @Test func aClosedPortIsDiagnosedAndItsRecordsGiveTheSameVerdictAgain() async throws {
        let ports = try Ports()
        defer { close(ports.listener) }
        try await inTestFolder { folder in
            let (status, said) = try await RunningProgram.run(Self.words(ports, folder), in: folder)
            #expect([0, 3].contains(status), "\(said)")
            let document = try Self.document(said)
            let causes = document["verdict"]?["causes"]?.array?.compactMap(\.text) ?? []
            #expect(causes.contains("service-not-listening"), "\(said)")
            // A person who watches sees each experiment.
            #expect(said.contains("because") && said.contains("result"))

            let replay = [Programs.ferry, "diagnose", "--replay", "\(folder)/incident", "--json"]
            let (again, repeated) = try await RunningProgram.run(replay, in: folder)
            #expect(again == status)
            #expect(try Self.document(repeated)["verdict"] == document["verdict"])

            let report = [Programs.ferry, "report", "\(folder)/incident", "--lang", "zh", "--format", "html"]
            let (written, page) = try await RunningProgram.run(report, in: folder)
            #expect(written == 0)
            #expect(page.contains("<svg") && !page.contains("<script"))
        }
    }

    /// A capture of a request at port `port` of this machine that is refused.
    private static func refusal(at port: UInt16) -> [UInt8] {
        func big<Value: FixedWidthInteger>(_ value: Value) -> [UInt8] {
            withUnsafeBytes(of: value.bigEndian) { Array($0) }
        }
        func packet(_ second: UInt32, _ ports: [UInt16], _ sequence: UInt32, _ flags: UInt8) -> [UInt8] {
            let address: [UInt8] = [127, 0, 0, 1]
            let segment =
                big(ports[0]) + big(ports[1]) + big(sequence) + big(flags == 2 ? 0 as UInt32 : 101)
                + [0x50, flags, 2, 0, 0, 0, 0, 0]
            let bytes: [UInt8] = [0x45, 0, 0, 40, 0, 1, 0, 0, 64, 6, 0, 0] + address + address + segment
            return big(second) + big(0 as UInt32) + big(40 as UInt32) + big(40 as UInt32) + bytes
        }
        let header = big(0xA1B2_C3D4 as UInt32) + [0, 2, 0, 4] + [UInt8](repeating: 0, count: 8)
        return header + big(65_535 as UInt32) + big(101 as UInt32)
            + packet(1_700_000_000, [40_000, port], 100, 2) + packet(1_700_000_001, [port, 40_000], 0, 0x14)
    }

    @Test func captureOfWhatFailedByItselfIsTakenIntoAccount() async throws {
        let ports = try Ports()
        defer { close(ports.listener) }
        try await inTestFolder { folder in
            let file = "\(folder)/natural.pcap"
            try Data(Self.refusal(at: ports.closed)).write(to: URL(fileURLWithPath: file))
            let words = Self.words(ports, folder)
            let (status, said) = try await RunningProgram.run(words + ["--capture", file], in: folder)
            #expect([0, 3].contains(status), "\(said)")
            #expect(said.contains("The captures have 1 connection to the suspect, of which 1 failed"), "\(said)")
            let report = [Programs.ferry, "report", "\(folder)/incident", "--lang", "zh"]
            let page = try await RunningProgram.run(report, in: folder).1
            #expect(page.contains("抓包中有 1 条到目的的连接"))
            // The packets themselves are shown, too.
            #expect(page.contains("capture-1.pcap"), "\(page)")
            let unusable = words.dropLast() + ["\(folder)/second", "--capture", "\(folder)/none.pcap"]
            #expect(try await RunningProgram.run(Array(unusable), in: folder).0 == 2)
        }
    }

    @Test func aRemedyIsConfirmedByWhatHadFailed() async throws {
        let ports = try Ports()
        defer { close(ports.listener) }
        try await inTestFolder { folder in
            let (_, said) = try await RunningProgram.run(Self.words(ports, folder), in: folder)
            let level = try Self.document(said)["verdict"]?["level"]?.text
            // A firewall of the host refuses as a closed port does, as far as this tier shows.
            try #require(["likely", "very-likely", "indistinguishable"].contains(level), "\(said)")
            let confirm = [Programs.ferry, "diagnose", "--confirm", "\(folder)/incident", "--json"]
            let (unmended, refused) = try await RunningProgram.run(confirm, in: folder)
            #expect(unmended == 3, "\(refused)")
            #expect(try Self.document(refused)["verdict"]?["level"]?.text == level)
            let listener = try Ports.listening(at: ports.closed)
            defer { close(listener) }
            let (status, confirmed) = try await RunningProgram.run(confirm, in: folder)
            #expect(status == 0, "\(confirmed)")
            #expect(try Self.document(confirmed)["verdict"]?["level"]?.text == "confirmed")
            let replay = [Programs.ferry, "diagnose", "--replay", "\(folder)/incident", "--json"]
            let (_, repeated) = try await RunningProgram.run(replay, in: folder)
            #expect(try Self.document(repeated)["verdict"] == Self.document(confirmed)["verdict"])
        }
    }

    @Test(arguments: [SIGINT, SIGKILL])
    func aDiagnosisThatIsInterruptedIsGoneOnWith(signal: Int32) async throws {
        let ports = try Ports()
        defer { close(ports.listener) }
        try await inTestFolder { folder in
            let program = try RunningProgram(Self.words(ports, folder), output: "\(folder)/first")
            try await program.says("E01")
            try await program.says("result")
            program.send(signal)
            _ = try await program.wait()
            // The power was cut in the middle of a line.
            let records = "\(folder)/incident/records.jsonl"
            var text = try String(contentsOfFile: records, encoding: .utf8)
            #expect(text.contains("\"experiment\":\"baseline\""))
            text += "{\"at\":3,\"experi"
            try text.write(toFile: records, atomically: true, encoding: .utf8)

            if signal == SIGKILL {
                // It may have come to its end before the signal did.
                try? FileManager.default.removeItem(atPath: "\(folder)/incident/diagnosis.json")
                let report = [Programs.ferry, "report", "\(folder)/incident"]
                let (unwritten, why) = try await RunningProgram.run(report, in: folder)
                #expect(unwritten == 2 && why.contains("--continue"), "\(why)")
            }
            let goOn = [Programs.ferry, "diagnose", "--continue", "\(folder)/incident", "--json"]
            let (status, said) = try await RunningProgram.run(goOn, in: folder)
            #expect([0, 3].contains(status), "\(said)")
            #expect((try Self.document(said)["experiments"]?.array?.count ?? 0) >= 2, "\(said)")
            let (again, _) = try await RunningProgram.run(
                [Programs.ferry, "diagnose", "--replay", records, "--json"],
                in: folder
            )
            #expect(again == status)
        }
    }

    @Test func whatCannotBeUsedIsSaidAndNothingIsAsked() async throws {
        try await inTestFolder { folder in
            let site = "\(folder)/site.yaml"
            try "suspect: { host: 127.0.0.1, port: 99999 }\nsuspekt: 1\n".write(
                toFile: site,
                atomically: true,
                encoding: .utf8
            )
            let (status, said) = try await RunningProgram.run(
                [Programs.ferry, "diagnose", "--site", site],
                in: folder
            )
            #expect(status == 2)
            #expect(said.contains("site.yaml:1") && said.contains("site.yaml:2"), "\(said)")
            #expect(try await RunningProgram.run([Programs.ferry, "diagnose", "nonsense"], in: folder).0 == 2)
            #expect(try await RunningProgram.run([Programs.ferry, "diagnose", "--replay", folder], in: folder).0 == 2)
        }
    }
}

/// Diagnoses of networks that are broken on purpose.
@Suite(.enabled(if: Lab.obstacle == nil, Lab.obstacle ?? ""))
struct DiagnoseInTheLabTests {
    @Test func segmentsTooLargeForTheWayAreFoundAtFerrysOwnPortFromOneHost() async throws {
        try await Lab.with { lab async throws in
            #expect(try await lab.run("up", Lab.topology, "--name", lab.name).status == 0)
            let staging = try lab.start(
                "exec",
                "--lab",
                lab.name,
                "staging1",
                "--",
                Programs.ferry,
                "staging",
                "serve",
                "--data",
                "\(lab.folder)/data",
                "--identity",
                "\(lab.folder)/staging",
                "--listen",
                "203.0.113.11:9703",
                "--http",
                "203.0.113.11:9080"
            )
            defer { staging.send(SIGKILL) }
            try await staging.says("health and metrics")
            #expect(try await lab.run("arm", "--lab", lab.name, Lab.scenario("b31-mtu-black-hole")).status == 0)
            let (status, said) = try await lab.exec(
                "source1",
                Programs.ferry,
                "diagnose",
                "203.0.113.11:9703",
                "--protocol",
                "ferry",
                "--control",
                "9080/http",
                "--allow",
                "rate-test",
                "--time-scale",
                "0.05",
                "--json",
                "--incident",
                "\(lab.folder)/incident"
            )
            #expect(status == 0, "\(said)")
            let line = try #require(said.split(separator: "\n").first { $0.hasPrefix("{") }, "\(said)")
            let document = try JSONValue(parsing: String(line), from: "ferry diagnose")
            #expect(document["verdict"]?["remedy"]?.text == "clamp-mss", "\(said)")
            #expect((document["cost"]?["suspectConnects"]?.integer ?? 99) <= 6, "\(said)")
        }
    }

    @Test func theCaseAndItsLookAlikesAreFound() async throws {
        try await Lab.with { lab async throws in
            let faults = [
                "b10-firewall-drop", "b38-carrier-port-block", "b51-anti-abuse-block", "b63-service-not-listening",
            ]
            // One of four may be missed on a machine that is busy otherwise.
            let words = ["score"] + faults.map(Lab.scenario) + ["--by", "ferry", "--gate", "0.75"]
            let (status, said) = try await lab.run(words)
            #expect(status == 0, "\(said)")
        }
    }
}
