import Testing

@testable import ferry_bench

@Suite struct LinkCountersTests {
    private let text = """
        Inter-|   Receive                                                |  Transmit
         face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
            lo:       0       0    0    0    0     0          0         0        0       0    0    0    0     0       0          0
        source: 3100     40    0    0    0     0          0         0 1150000000   90000    0    0    0     0       0          0
        """

    @Test func readsTheDevice() throws {
        let counters = try #require(LinkCounters(device: "source", in: text))
        #expect(counters.outBytes == 1_150_000_000)
        #expect(counters.outPackets == 90_000)
        #expect(counters.backBytes == 3100)
        #expect(counters.backPackets == 40)
    }

    @Test func knowsThatADeviceIsMissing() {
        #expect(LinkCounters(device: "staging", in: text) == nil)
        #expect(LinkCounters(device: "our", in: text) == nil)
    }
}
