import FerryCore
import Foundation
import Testing

@testable import FerryLab

@Suite struct TopologyReadingTests {
    private func problems(_ text: String) -> String {
        do {
            _ = try Topology(parsing: text, path: "t.yaml")
            return ""
        } catch {
            #expect(error.code == .labFile)
            return error.cause
        }
    }

    @Test func theTopologyOfTheCaseIsUnderstood() throws {
        let path = TopologyReadingTests.case
        let topology = try TopologyFile(path: path).topology
        #expect(topology.nodes.count { $0.name.hasPrefix("source") } == 3)
        #expect(topology.links.count { $0.line != nil } == 9)
        #expect(topology.links.first?.near == .init(node: "source1", device: "eth0", address: "10.10.1.1/16"))
        let wan = try #require(topology.links.first { $0.name == "wan-unicom" }?.line)
        #expect(wan.forward.delay == .milliseconds(15))
        // The routers answer in the other order on the way back.
        #expect(wan.forward.hops.reversed() == wan.back.hops)
    }

    static let `case` = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("Lab/topologies/case.yaml").path

    @Test func everyProblemIsToldWithItsLine() {
        let text = """
            topology: t
            nodes:
              - name: a
                colour: red
              - name: b b
              - name: c
                place: moon
            links:
              - name: l
                near: { node: a, device: x, address: 10.0.0.1 }
                far: { node: d, device: x }
                line: { delay: 5, loss: 120% }
            """
        let said = problems(text)
        #expect(said.contains("t.yaml:4: there is no key \"colour\" here"))
        #expect(said.contains("t.yaml:5: \"b b\" is no name"))
        #expect(said.contains("t.yaml:7: \"moon\" is not one of application"))
        #expect(said.contains("t.yaml:10: \"10.0.0.1\" is not an address with prefix length"))
        #expect(said.contains("\"l\" leads to \"d\", which is no node"))
        #expect(said.contains("t.yaml:12: \"5\" is not a time"))
        #expect(said.contains("t.yaml:12: \"120%\" is not a probability"))
    }

    @Test(arguments: ["", "- a", "topology: [", "42"])
    func whatIsNoTopologyIsRefused(text: String) { #expect(!problems(text).isEmpty) }

    @Test func faultThatCouldNotBeMendedIsRefused() {
        let text = """
            topology: t
            nodes: [{ name: a }]
            faults:
              - name: f
                summary: s
                rules: [{ node: a, nft: "table ip mine { }" }]
              - { name: g, summary: s }
            """
        let said = problems(text)
        #expect(said.contains("has to be named \"fault\""))
        #expect(said.contains("fault \"g\" does nothing"))
    }

    @Test(arguments: ["kernel.hostname", "net.ipv4/../../kernel.panic", "net", "net..x.y", "net.ipv4.conf.../../x"])
    func settingOutsideTheNetworkIsRefused(key: String) {
        let said = problems("topology: t\nnodes:\n  - name: a\n    settings: { \"\(key)\": 1 }\n")
        #expect(said.contains("t.yaml:4: \"\(key)\" is no setting below net"))
    }

    @Test(arguments: ["rm -rf x", "ip netns exec a sh", "ip -batch x", "sh -c x", "ip"])
    func commandThatIsNoChangeOfTheNetworkIsRefused(command: String) {
        let said = problems(
            """
            topology: t
            nodes: [{ name: a }]
            faults:
              - name: f
                summary: s
                commands: [{ node: a, arm: \(command), disarm: ip link set dev lo up }]
            """
        )
        #expect(said.contains("t.yaml:6: a command begins with \"ip\""))
    }

    @Test(arguments: [
        ("15ms", Duration.milliseconds(15)), ("250us", .microseconds(250)), ("2s", .seconds(2)),
        ("0.5ms", .microseconds(500)),
        ("0", .zero),
    ])
    func timesAreRead(text: String, expected: Duration) { #expect(LabQuantities.duration(text) == expected) }

    @Test(arguments: ["15", "ms", "-1ms", "1h", "nans", "4000s"])
    func timesWithoutSenseAreRefused(text: String) { #expect(LabQuantities.duration(text) == nil) }

    /// Files are sent around: none may begin a command of its own.
    @Test(arguments: [
        "routes: [\"10.7.0.0/24 dev lo\\nvrf exec default touch /tmp/x\"]", "rules: [\"-batch /etc/passwd\"]",
        "addresses: [\"10.0.0.1/24 dev lo\"]", "routes: [\"default via 10.0.0.1; x\"]",
    ])
    func argumentThatIsACommandIsRefused(line: String) {
        let said = problems("topology: t\nnodes:\n  - name: a\n    \(line)\n")
        #expect(said.contains("t.yaml:4:"), "\(said)")
    }

    @Test(arguments: ["a: &x 1", "a: [*x, *x]", "? [a, b]", "- &anchor {}"])
    func whatIsNoTreeIsRefused(line: String) {
        #expect(problems("topology: t\n\(line)\n").contains("t.yaml:2: anchors, aliases"))
    }

    @Test(arguments: ["delete table inet mine", "include \"/etc/passwd\"", "add table ip stays"])
    func rulesOfAFaultThatAreCommandsAreRefused(command: String) {
        let said = problems(
            """
            topology: t
            nodes: [{ name: a }]
            faults:
              - name: f
                summary: s
                rules:
                  - node: a
                    nft: |
                      \(command)
                      table ip fault {
                      }
            """
        )
        #expect(said.contains("a fault's rules are tables, and no commands of nft"), "\(said)")
    }
}
