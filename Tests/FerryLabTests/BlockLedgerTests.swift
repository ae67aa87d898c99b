import Testing

@testable import FerryLab

@Suite struct BlockLedgerTests {
    /// What nft 1.0.6 says of the case's block, shortened.
    private func ledger(_ seconds: Int, other: Int? = nil) -> BlockLedger {
        let more = other.map {
            ",{\"elem\":{\"val\":{\"concat\":[\"198.18.2.60\",8703]},\"expires\":\($0)}}"
        }
        return BlockLedger(
            json: """
                {"nftables":[
                {"set":{"name":"opened","table":"fault_x","flags":["timeout"],"timeout":60,"elem":[
                  {"elem":{"val":{"concat":["198.18.2.61",8703]},"expires":57,"limit":{"rate":20}}}]}},
                {"set":{"name":"blocked","table":"fault_x","flags":["timeout"],"timeout":600,"elem":[
                  {"elem":{"val":{"concat":["198.18.2.61",8703]},"expires":\(seconds)}}\(more ?? "")]}},
                {"set":{"name":"known","table":"other","flags":["timeout"],"elem":[
                  {"elem":{"val":"198.18.2.61","expires":9}}]}},
                {"set":{"name":"allowed","table":"fault_x","flags":["interval"]}}]}
                """,
            at: "edge"
        )
    }

    @Test func onlyWhatExpiresAndDoesNotCountIsABlock() {
        let ledger = ledger(599)
        #expect(ledger.blocks.map(\.key) == [["198.18.2.61", "8703"]] && ledger.blocks.first?.seconds == 599)
        #expect(ledger.blocks.first?.age == 1)
        #expect(ledger.hasMemory)
        #expect(!BlockLedger(json: "{\"nftables\":[]}", at: "edge").hasMemory)
    }

    @Test func harmIsWhatLastsLonger() {
        // 100 s later it should have 499 s to go.
        #expect(ledger(499).harm(since: ledger(599), elapsed: 100) == 0)
        #expect(ledger(500).harm(since: ledger(599), elapsed: 100.3) == 0)
        #expect(ledger(599).harm(since: ledger(599), elapsed: 100) == 100)
        // A key that was not blocked counts whole; one that has ended sooner earns nothing.
        #expect(ledger(400, other: 590).harm(since: ledger(599), elapsed: 100) == 590)
        // A block that should have ended, and was armed again.
        #expect(ledger(6).harm(since: ledger(3), elapsed: 20) == 6)
    }

    @Test func portsOfConnectionsAreCounted() {
        let json = """
            {"nftables":[{"metainfo":{}},{"set":{"name":"ports","elem":[40001,40002,40009]}}]}
            """
        #expect(ConnectMeter.count(json) == 3 && ConnectMeter.count("{\"nftables\":[{\"set\":{}}]}") == 0)
    }

    @Test func networkIsVariedInProportion() throws {
        var topology = try Topology(
            parsing: """
                topology: t
                nodes: [{ name: a }, { name: b }]
                links:
                  - name: slow
                    near: { node: a, device: x, address: 10.0.0.1/30 }
                    far: { node: b, device: x, address: 10.0.0.2/30 }
                    line: { delay: 20ms, jitter: 2ms }
                  - name: fast
                    near: { node: a, device: y, address: 10.0.1.1/30 }
                    far: { node: b, device: y, address: 10.0.1.2/30 }
                    line: { delay: 5ms, loss: 2% }
                faults:
                  - { name: f, summary: s, lines: [{ link: slow, loss: 9% }] }
                """,
            path: "t.yaml"
        )
        NetworkVariation(roundTrip: 80, noise: 0.005)?.apply(to: &topology)
        let lines = topology.links.compactMap(\.line)
        #expect(lines.map(\.forward.delay) == [.milliseconds(40), .milliseconds(10)])
        #expect(lines.map(\.back.jitter) == [.milliseconds(4), .zero])
        #expect(lines.map(\.forward.loss) == [.independent(0.005), .independent(0.02)])
        let change = topology.faults.first?.lines.first?.settings.forward
        #expect(change?.delay == .milliseconds(40) && change?.loss == .independent(0.09))
        #expect(NetworkVariation(roundTrip: nil, noise: nil) == nil && NetworkVariation.grid.count == 6)
    }
}
