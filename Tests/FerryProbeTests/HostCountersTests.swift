import Testing

@testable import FerryProbe

@Suite struct HostCountersTests {
    @Test func lossesOfDevicesAreSummedWithoutTheLoopback() {
        let lines = [
            "Inter-| Receive | Transmit", " face |bytes packets errs drop fifo frame compressed multicast|bytes",
            "lo: 44 26 9 9 9 0 0 0 44 26 9 9 9 0 0 0", "eth0: 10 20 1 2 3 0 0 0 30 40 4 5 6 0 0 0",
            "eth1: 10 20 10 20 30 0 0 0 30 40 40 50 60 0 0 0", "odd",
        ].map { $0.split(separator: " ").map(String.init) }
        let wanted = [
            "Device.rx_errs": 11, "Device.rx_drop": 22, "Device.rx_fifo": 33, "Device.tx_errs": 44,
            "Device.tx_drop": 55,
            "Device.tx_fifo": 66,
        ]
        #expect(HostCounters.losses(ofDevices: lines) == wanted)
    }

    @Test func thisHostsDevicesAndQueuesAreCounted() {
        let counters = HostCounters.all()
        for name in ["Device.rx_drop", "Device.tx_drop", "Queue.drops", "Queue.overlimits"] {
            #expect(counters[name] != nil, "\(name)")
        }
    }
}
