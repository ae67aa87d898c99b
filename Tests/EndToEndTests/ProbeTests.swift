import FerryCore
import FerryEvidence
import FerryProbe
import Foundation
import Testing

/// What probes and vantages see of networks that are broken on purpose.
@Suite(.enabled(if: Lab.obstacle == nil, Lab.obstacle ?? ""))
struct ProbeTests {
    /// A fault, how it is looked at, and what is seen: the outcome, and of the packet that ends it the time to live.
    private struct Sight {
        var fault: String
        var words: [String] = []
        var outcome: ProbeOutcome
        var timeToLive: Int?
    }

    /// The genuine answer has 53 left.
    private static let sights = [
        Sight(fault: "b10-firewall-drop", words: ["--connect-wait", "1500ms"], outcome: .synTimeout),
        Sight(fault: "b11-firewall-reject", outcome: .refusedFull, timeToLive: 61),
        Sight(fault: "b12-firewall-icmp", outcome: .icmp),
        Sight(
            fault: "b40-payload-injector",
            words: ["--bytes", "64KiB", "--payload", "real"],
            outcome: .midReset,
            timeToLive: 244
        ),
        Sight(fault: "b40-payload-injector", words: ["--bytes", "64KiB", "--payload", "inverted"], outcome: .ok),
        Sight(fault: "b42-payload-drop", words: ["--bytes", "64KiB", "--payload", "real"], outcome: .midStall),
        Sight(fault: "b44-forged-close", outcome: .connectClosed, timeToLive: 54),
        Sight(fault: "b45-first-syn-drop", outcome: .lateConnect),
        Sight(fault: "b47-syn-proxy-dead-backend", words: ["--answer-wait", "1s"], outcome: .connectSilence),
        Sight(fault: "b63-service-not-listening", outcome: .refusedFull, timeToLive: 53),
        Sight(fault: "b65-service-refuses", outcome: .applicationError, timeToLive: 53),
        Sight(fault: "b66-service-resets", outcome: .connectReset, timeToLive: 53),
        Sight(fault: "b67-receiver-stalled", words: ["--bytes", "4MiB"], outcome: .midStallAtReceiver),
    ]

    private func probe(_ lab: Lab, _ words: [String]) async throws -> (status: Int32, record: ProbeRecord) {
        let (status, said) = try await lab.exec(
            "source1",
            [Programs.ferry, "probe", "203.0.113.11:8703", "--protocol", "rsync", "--capture", "--json"] + words
        )
        let line = try #require(said.split(separator: "\n").first { $0.hasPrefix("{") }, "\(said)")
        let value = try JSONValue(parsing: String(line), from: "ferry probe")
        return (status, try value.decoded(as: ProbeRecord.self, from: "ferry probe"))
    }

    @Test func probeSaysWhatAFaultDoesAndHowFarItsPacketCame() async throws {
        try await Lab.with { lab async throws in
            #expect(try await lab.run("up", Lab.topology, "--name", lab.name).status == 0)
            let well = try await probe(lab, ["--bytes", "1MiB"])
            #expect(well.status == 0 && well.record.outcome == .ok)
            #expect(well.record.handshake?.answers.map(\.timeToLive) == [53])
            for sight in ProbeTests.sights {
                let fault = Lab.scenario(sight.fault)
                #expect(try await lab.run("arm", "--lab", lab.name, fault).status == 0)
                let (status, record) = try await probe(lab, sight.words)
                #expect(record.outcome == sight.outcome, "\(sight.fault): \(record.outcome)")
                #expect(record.closing?.timeToLive == sight.timeToLive, "\(sight.fault)")
                #expect(status == (sight.outcome.worked ? 0 : 3))
                if sight.outcome == .icmp {
                    #expect(record.icmp?.from == "10.20.2.2" && record.icmp?.code == 13)
                    #expect(record.icmp?.timeToLive != nil && record.icmp?.quoted?.destinationPort == 8703)
                }
                #expect(try await lab.run("disarm", "--lab", lab.name, fault).status == 0)
            }
        }
    }

    @Test func ladderNamesRoutersAndEndsWhereAPortIsBlocked() async throws {
        try await Lab.with { lab async throws in
            #expect(try await lab.run("up", Lab.topology, "--name", lab.name).status == 0)
            for option in ["--ladder", "--content-ladder"] {
                let (status, said) = try await lab.exec("source1", Programs.ferry, "probe", "203.0.113.11:8703", option)
                #expect(status == 0 && said.contains("10.20.2.2") && said.contains("at a distance of 12"), "\(said)")
            }
            let fault = Lab.scenario("b43-payload-reset")
            #expect(try await lab.run("arm", "--lab", lab.name, fault).status == 0)
            let (status, said) = try await lab.exec(
                "source1",
                [Programs.ferry, "probe", "203.0.113.11:8703", "--protocol", "rsync", "--content-ladder"]
            )
            #expect(status == 3 && said.contains("something ends the connection at a distance of"), "\(said)")
        }
    }

    @Test func risingRatesEndWhereSomethingEndsThem() async throws {
        try await Lab.with { lab async throws in
            #expect(try await lab.run("up", Lab.topology, "--name", lab.name).status == 0)
            func steps(_ rates: String, _ words: [String] = []) async throws -> (status: Int32, said: String) {
                try await lab.exec(
                    "source1",
                    [
                        Programs.ferry, "probe", "203.0.113.11:8703", "--protocol", "rsync", "--rate-steps", rates,
                        "--step-seconds", "2",
                    ] + words
                )
            }
            let shaper = Lab.scenario("b25-shaper")
            #expect(try await lab.run("arm", "--lab", lab.name, shaper).status == 0)
            let (status, said) = try await steps("1M,40M", ["--json"])
            let made = try said.split(separator: "\n").filter { $0.hasPrefix("{") }.map {
                try JSONValue(parsing: String($0), from: "ferry probe").decoded(as: RateStep.self, from: "ferry probe")
            }
            #expect(status == 0 && made.map(\.offeredBitsPerSecond) == [1e6, 40e6], "\(said)")
            // The shaper lets 6 Mbit/s pass, and up to 256 KiB of its queue at once.
            #expect(
                made.allSatisfy { $0.outcome.worked } && (made.last?.achievedBitsPerSecond ?? 1e9) < 12e6,
                "\(said)"
            )
            #expect(said.contains("sends 9.8 MiB at most, on 2 connections, in 5 to 11 s"), "\(said)")
            #expect(try await lab.run("disarm", "--lab", lab.name, shaper).status == 0)
            let refusal = Lab.scenario("b63-service-not-listening")
            #expect(try await lab.run("arm", "--lab", lab.name, refusal).status == 0)
            let refused = try await steps("1M,40M")
            let none = "At 1 Mbit/s no connection came about"
            #expect(refused.status == 3 && refused.said.contains(none), "\(refused.said)")
            #expect(!refused.said.contains("\n40 Mbit/s"), "\(refused.said)")
            let wrong = try await steps("40M,1M")
            #expect(wrong.status == 2 && wrong.said.contains("each has to be faster than the one before"))
        }
    }

    @Test func vantageAtTheFarEndSeesWhatArrives() async throws {
        try await Lab.with { lab async throws in
            #expect(try await lab.run("up", Lab.topology, "--name", lab.name).status == 0)
            let path = "/tmp/ferry-\(lab.name).sock"
            defer { unlink(path) }
            let program = try lab.start(
                "exec",
                "--lab",
                lab.name,
                "staging1",
                "--",
                Programs.agent,
                "vantage",
                "--listen",
                "unix:\(path)"
            )
            for _ in 0..<1200 where !FileManager.default.fileExists(atPath: path) {
                try await Task.sleep(for: .milliseconds(50))
            }
            let vantage = try await VantageConnection.open("unix:\(path)")
            #expect(vantage.hello.captures)
            let watch = WatchPlan(id: "w1", vantage: "staging", host: "198.18.2.62", ports: [8703], limitSeconds: 60)
            #expect(await vantage.watch(watch) == nil)
            let (_, record) = try await probe(lab, ["--bytes", "1MiB"])
            // A SYN proxy in front of a service that takes no connection: the handshake is done, and not with the service.
            let fault = Lab.scenario("b47-syn-proxy-dead-backend")
            #expect(try await lab.run("arm", "--lab", lab.name, fault).status == 0)
            let proxied = try await probe(lab, ["--answer-wait", "1s"])
            #expect(proxied.record.outcome == .connectSilence)
            let seen = await vantage.endWatch("w1")
            #expect(seen.vantageProblem == nil && seen.lost == 0)
            let flow = try #require(seen.flows.first)
            let port = record.source?.split(separator: ":").last.flatMap { UInt16($0) }
            #expect(flow.client == "198.18.2.62" && flow.clientPort == port && flow.serverPort == 8703)
            #expect(flow.fromClient.reached == 1 << 20 && flow.fromClient.gaps == 0)
            #expect(flow.fromServer.openings.map(\.flags) == ["SA"])
            // The proxy asks for itself, and is not answered.
            #expect(seen.flows.count == 2 && seen.flows[1].fromServer.packets == 0, "\(seen.flows)")
            vantage.close()
            try await program.killAndWait()
        }
    }
}

extension Lab {
    /// Runs a program at a node.
    fileprivate func exec(_ node: String, _ words: [String]) async throws -> (status: Int32, said: String) {
        let command = words.map { "'\($0)'" }.joined(separator: " ")
        return try await exec(node, "sh", "-c", "exec \(command)")
    }
}
