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
                {"set":{"name":"opened","table":"lab_x","flags":["timeout"],"timeout":60,"elem":[
                  {"elem":{"val":{"concat":["198.18.2.61",8703]},"expires":57,"limit":{"rate":20}}}]}},
                {"set":{"name":"blocked","table":"lab_x","flags":["timeout"],"timeout":600,"elem":[
                  {"elem":{"val":{"concat":["198.18.2.61",8703]},"expires":\(seconds)}}\(more ?? "")]}},
                {"set":{"name":"known","table":"other","flags":["timeout"],"elem":[
                  {"elem":{"val":"198.18.2.61","expires":9}}]}},
                {"set":{"name":"allowed","table":"lab_x","flags":["interval"]}}]}
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
}
