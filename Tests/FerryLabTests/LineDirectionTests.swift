import FerryCore
import Testing

@testable import FerryLab

@Suite struct LineDirectionTests {
    /// A packet of IPv4 with a valid checksum, and its number in its identification.
    static func packet(_ number: Int, length: Int = 200, timeToLive: UInt8 = 64, protocol kind: UInt8 = 6) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: length)
        bytes[0] = 0x45
        bytes[2] = UInt8(length >> 8)
        bytes[3] = UInt8(length & 255)
        bytes[4] = UInt8(number >> 8 & 255)
        bytes[5] = UInt8(number & 255)
        bytes[6] = 0x40
        bytes[8] = timeToLive
        bytes[9] = kind
        bytes.replaceSubrange(12..<20, with: [10, 0, 0, 1, 10, 0, 0, 2])
        let sum = checksum(bytes[..<20])
        bytes[10] = UInt8(sum >> 8)
        bytes[11] = UInt8(sum & 255)
        return bytes
    }

    /// RFC 1071.
    static func checksum(_ bytes: ArraySlice<UInt8>) -> UInt16 {
        var sum: UInt32 = 0
        for index in stride(from: bytes.startIndex, to: bytes.endIndex, by: 2) {
            sum += UInt32(bytes[index]) << 8 | (index + 1 < bytes.endIndex ? UInt32(bytes[index + 1]) : 0)
        }
        while sum >> 16 != 0 { sum = (sum & 0xFFFF) + (sum >> 16) }
        return ~UInt16(sum)
    }

    /// Something that came out: its number and when.
    struct Delivery: Equatable {
        var number: Int
        var at: UInt64
    }

    /// Sends `count` packets, `gap` nanoseconds apart, and returns what comes out.
    private func send(
        _ count: Int,
        every gap: UInt64,
        length: Int = 200,
        _ settings: LineSettings,
        seed: UInt64 = 1
    ) -> (deliveries: [Delivery], counts: LineCounts) {
        var direction = LineDirection(settings, seed: seed)
        var deliveries: [Delivery] = []
        let answer = UnsafeMutableRawBufferPointer.allocate(byteCount: 256, alignment: 16)
        defer { answer.deallocate() }
        func deliver(until end: UInt64) {
            while let due = direction.nextDue, due <= end {
                direction.deliver(at: due) {
                    deliveries.append(Delivery(number: Int($0[4]) << 8 | Int($0[5]), at: due))
                }
            }
        }
        for number in 0..<count {
            let now = UInt64(number) * gap
            deliver(until: now)
            guard let slot = direction.slot() else { break }
            direction.bytes(slot).copyBytes(from: LineDirectionTests.packet(number, length: length))
            _ = direction.receive(slot, length: length, at: now, answer: answer)
        }
        deliver(until: .max)
        return (deliveries, direction.counts)
    }

    @Test func nothingSetLetsAllPassAtOnce() {
        let (deliveries, counts) = send(1000, every: 1000, LineSettings())
        #expect(deliveries == (0..<1000).map { Delivery(number: $0, at: UInt64($0) * 1000) })
        #expect(counts.delivered == 1000 && counts.deliveredBytes == 200_000)
    }

    @Test func delayWithJitterKeepsTheOrder() {
        var settings = LineSettings()
        settings.delay = .milliseconds(10)
        settings.jitter = .milliseconds(4)
        let (deliveries, _) = send(2000, every: 100_000, settings)
        #expect(deliveries.map(\.number) == Array(0..<2000))
        for delivery in deliveries {
            let took = delivery.at - UInt64(delivery.number) * 100_000
            #expect((10_000_000...14_000_000).contains(took))
        }
    }

    @Test func chancesRepeatFromTheirSeedAndDifferFromAnother() {
        var settings = LineSettings()
        settings.loss = .independent(0.1)
        settings.jitter = .milliseconds(3)
        settings.duplication = 0.05
        settings.reordering = 0.05
        let first = send(5000, every: 10_000, settings, seed: 7)
        #expect(first == send(5000, every: 10_000, settings, seed: 7))
        #expect(first.deliveries != send(5000, every: 10_000, settings, seed: 8).deliveries)
    }

    @Test func shareOfLostAndDoubledPacketsIsAsAskedFor() {
        var settings = LineSettings()
        settings.loss = .independent(0.02)
        settings.duplication = 0.1
        let (deliveries, counts) = send(50_000, every: 1000, settings)
        // Four standard deviations of a binomial distribution.
        #expect(abs(counts.lost - 1000) < 4 * 32)
        #expect(abs(counts.duplicated - 4900) < 4 * 67)
        #expect(deliveries.count == 50_000 - counts.lost + counts.duplicated)
    }

    @Test func burstsAreAsLongAndAsFrequentAsAskedFor() {
        var settings = LineSettings()
        settings.loss = .bursts(begin: 0.01, end: 0.2, lossWhileBad: 1)
        let (deliveries, counts) = send(60_000, every: 1000, settings)
        // A good run ends after 100 packets, a bad one after 5, on average: one of 21 is lost.
        #expect(abs(Double(counts.lost) / 60_000 - 1.0 / 21) < 0.006)
        let gaps = zip(deliveries, deliveries.dropFirst()).map { $1.number - $0.number - 1 }.filter { $0 > 0 }
        let mean = Double(gaps.reduce(0, +)) / Double(gaps.count)
        #expect(abs(mean - 5) < 0.6, "\(mean)")
    }

    @Test func shaperSendsAtItsRateAndDropsWhatItsQueueCannotHold() {
        var settings = LineSettings()
        settings.shaper = .init(rate: .megabits(8), queue: ByteCount(20_000))
        // Ten times as much as fits.
        let (deliveries, counts) = send(10_000, every: 100_000, length: 1000, settings)
        let seconds = Double((deliveries.last?.at ?? 0) - (deliveries.first?.at ?? 0)) / 1e9
        let rate = Double(deliveries.dropFirst().count) * 8000 / seconds
        #expect(abs(rate - 8e6) < 8e4, "\(rate)")
        #expect(counts.queueFull == 10_000 - deliveries.count && counts.queueFull > 8000)
        let longest = deliveries.map { $0.at - UInt64($0.number) * 100_000 }.max() ?? 0
        // A queue of 20 000 bytes is 20 ms long.
        #expect((18_000_000...21_100_000).contains(longest), "\(longest)")
    }

    @Test func policerLetsABurstPassAndThenItsRate() {
        var settings = LineSettings()
        settings.policer = .init(rate: .megabits(8), burst: ByteCount(50_000))
        let (deliveries, counts) = send(10_000, every: 100_000, length: 1000, settings)
        #expect(deliveries.prefix(50).map(\.number) == Array(0..<50))
        // 50 of the burst and 1000 for each second.
        #expect(abs(deliveries.count - 1050) < 12, "\(deliveries.count)")
        #expect(counts.policed == 10_000 - deliveries.count)
    }

    @Test func reorderedPacketsAreOvertaken() {
        var settings = LineSettings()
        settings.reordering = 0.05
        settings.reorderingDelay = .milliseconds(1)
        let (deliveries, counts) = send(2000, every: 100_000, settings)
        let overtaken = zip(deliveries, deliveries.dropFirst()).count { $1.number < $0.number }
        #expect(counts.reordered > 50 && overtaken > 50)
        #expect(deliveries.map(\.number).sorted() == Array(0..<2000))
    }

    @Test(arguments: [1, 2, 3] as [UInt8])
    func routerAtWhichTheTimeToLiveEndsAnswers(timeToLive: UInt8) {
        var settings = LineSettings()
        settings.hops = ["10.41.0.1", "10.41.0.2", "10.41.0.3"].compactMap { IPv4Address($0) }
        var direction = LineDirection(settings, seed: 1)
        guard let slot = direction.slot() else {
            Issue.record("there is no memory")
            return
        }
        let sent = LineDirectionTests.packet(5, timeToLive: timeToLive)
        direction.bytes(slot).copyBytes(from: sent)
        let answer = UnsafeMutableRawBufferPointer.allocate(byteCount: 256, alignment: 16)
        defer { answer.deallocate() }
        let fate = direction.receive(slot, length: sent.count, at: 0, answer: answer)
        #expect(fate == .answered(length: 56, hop: Int(timeToLive) - 1))
        let told = Array(answer[..<56])
        #expect(Array(told[12..<20]) == [10, 41, 0, timeToLive, 10, 0, 0, 1])
        #expect(told[20] == 11 && told[21] == 0)
        #expect(Array(told[28...]) == Array(sent[..<28]))
        // Both checksums come out as nought over what they are part of.
        #expect(LineDirectionTests.checksum(told[..<20]) == 0 && LineDirectionTests.checksum(told[20...]) == 0)
        #expect(direction.counts.expired == 1 && direction.nextDue == nil)
    }

    @Test func packetThatPassesHasAValidHeader() {
        var settings = LineSettings()
        settings.hops = ["10.41.0.1", "10.41.0.2"].compactMap { IPv4Address($0) }
        var direction = LineDirection(settings, seed: 1)
        let answer = UnsafeMutableRawBufferPointer.allocate(byteCount: 256, alignment: 16)
        defer { answer.deallocate() }
        for number in 0..<300 {
            let sent = LineDirectionTests.packet(number * 211, timeToLive: UInt8(3 + number % 250))
            guard let slot = direction.slot() else {
                Issue.record("there is no memory")
                return
            }
            direction.bytes(slot).copyBytes(from: sent)
            _ = direction.receive(slot, length: sent.count, at: 0, answer: answer)
            direction.deliver(at: 0) { bytes in
                #expect(bytes[8] == sent[8] - 2)
                #expect(LineDirectionTests.checksum(ArraySlice(bytes[..<20])) == 0)
            }
        }
    }

    @Test(arguments: [true, false])
    func tooLongPacketIsDroppedAndItsSenderToldIfSoAsked(isTold: Bool) {
        var settings = LineSettings()
        settings.hops = ["10.41.0.1"].compactMap { IPv4Address($0) }
        settings.narrowness = .init(mtu: 1400, isTold: isTold)
        var direction = LineDirection(settings, seed: 1)
        let answer = UnsafeMutableRawBufferPointer.allocate(byteCount: 256, alignment: 16)
        defer { answer.deallocate() }
        for (length, passes) in [(1400, true), (1401, false)] {
            guard let slot = direction.slot() else {
                Issue.record("there is no memory")
                return
            }
            direction.bytes(slot).copyBytes(from: LineDirectionTests.packet(1, length: length))
            let fate = direction.receive(slot, length: length, at: 0, answer: answer)
            #expect(fate == (passes || !isTold ? .taken : .answered(length: 56, hop: 0)))
        }
        if isTold { #expect(answer[20] == 3 && answer[21] == 4 && Int(answer[26]) << 8 | Int(answer[27]) == 1400) }
        #expect(direction.counts.tooLong == 1)
    }

    @Test func moreThanItCanHoldIsCountedAndHarmsNothing() {
        var settings = LineSettings()
        settings.delay = .seconds(1)
        var direction = LineDirection(settings, seed: 1, capacity: 10)
        let answer = UnsafeMutableRawBufferPointer.allocate(byteCount: 256, alignment: 16)
        defer { answer.deallocate() }
        for number in 0..<20 {
            guard let slot = direction.slot() else {
                direction.noteOverrun()
                continue
            }
            direction.bytes(slot).copyBytes(from: LineDirectionTests.packet(number))
            _ = direction.receive(slot, length: 200, at: 0, answer: answer)
        }
        var delivered = 0
        direction.deliver(at: 2_000_000_000) { _ in delivered += 1 }
        #expect(delivered == 10 && direction.counts.overrun == 10)
        let slot = direction.slot()
        #expect(slot != nil)
    }

    @Test func packetWhoseTimeIsOverEndsOnALineWithoutRouters() {
        var direction = LineDirection(LineSettings(), seed: 1)
        let answer = UnsafeMutableRawBufferPointer.allocate(byteCount: 256, alignment: 16)
        defer { answer.deallocate() }
        direction.receive(LineDirectionTests.packet(1, timeToLive: 0), at: 0, answer: answer)
        #expect(direction.counts.expired == 1 && direction.nextDue == nil)
    }
}
