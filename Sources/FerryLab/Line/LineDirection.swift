internal import FerryCore

/// One direction of a line, as a state machine without a clock and without devices: packets come at a time, and go at
/// another or never. The same packets at the same times with the same seed meet the same fate.
struct LineDirection: ~Copyable {
    /// What is to be done with a packet that was taken.
    enum Fate: Equatable {
        /// It is under way, or gone.
        case taken
        /// Its sender is to be told; the answer has been written and is this long.
        case answered(length: Int, hop: Int)
    }

    var settings: LineSettings
    private(set) var counts = LineCounts()
    private var store: PacketStore
    private var chance: LineChance
    private var isBad = false
    private var lastDue: UInt64 = 0
    private var busyUntil: UInt64 = 0
    private var tokens = 0.0
    private var tokensAt: UInt64?

    /// A direction that can hold `capacity` packets.
    init(_ settings: LineSettings, seed: UInt64, capacity: Int = 16_384) {
        self.settings = settings
        store = PacketStore(capacity: capacity)
        chance = LineChance(seed: seed)
    }

    /// When the next packet goes, in nanoseconds of the clock that `receive` is told.
    var nextDue: UInt64? { store.nextDue }

    /// Memory for a packet that is about to come; nil if there is none.
    mutating func slot() -> UInt32? { store.take() }

    mutating func giveBack(_ slot: UInt32) { store.release(slot) }

    func bytes(_ slot: UInt32) -> UnsafeMutableRawBufferPointer { store.bytes(slot) }

    /// A packet came for which there was no memory.
    mutating func noteOverrun() {
        counts.received += 1
        counts.overrun += 1
    }

    /// A packet came that a middlebox does not let pass.
    mutating func endAtMiddlebox(_ slot: UInt32) {
        counts.received += 1
        counts.stopped += 1
        store.release(slot)
    }

    /// Takes a packet of a middlebox, as if it had come at `now`.
    mutating func receive(_ packet: [UInt8], at now: UInt64, answer: UnsafeMutableRawBufferPointer) {
        guard let slot = store.take() else { return noteOverrun() }
        store.bytes(slot).copyBytes(from: packet)
        _ = receive(slot, length: packet.count, at: now, answer: answer)
    }

    /// Takes the packet of `length` bytes in `slot`, which came at `now`.
    /// - Parameters:
    ///   - held: how many nanoseconds later a middlebox lets it go.
    ///   - answer: memory for what the sender may have to be told.
    mutating func receive(
        _ slot: UInt32,
        length: Int,
        at now: UInt64,
        heldFor held: UInt64 = 0,
        answer: UnsafeMutableRawBufferPointer
    ) -> Fate {
        counts.received += 1
        let draw = chance.draw()
        let bytes = UnsafeMutableRawBufferPointer(rebasing: store.bytes(slot)[..<length])
        if let told = pass(bytes, answer) {
            store.release(slot)
            return told
        }
        guard passesPolicer(length, at: now), !isLost(draw), let departure = departure(length, at: now) else {
            store.release(slot)
            return .taken
        }
        let due = held > 0 ? departure + held + settings.delay.nanoseconds : due(departure, draw)
        if draw.duplication < settings.duplication, let second = store.take() {
            counts.duplicated += 1
            store.bytes(second).copyMemory(from: UnsafeRawBufferPointer(bytes))
            store.insert(slot, length: length, due: due)
            store.insert(second, length: length, due: due)
        } else {
            store.insert(slot, length: length, due: due)
        }
        return .taken
    }

    /// Puts a packet of the line's own on its way, due at `due`: an answer to one of the other direction.
    mutating func inject(_ bytes: UnsafeRawBufferPointer, due: UInt64) {
        guard let slot = store.take() else { return }
        store.bytes(slot).copyMemory(from: bytes)
        store.insert(slot, length: bytes.count, due: due)
    }

    /// Calls `send` with each packet that is due at `now`.
    mutating func deliver(at now: UInt64, _ send: (UnsafeMutableRawBufferPointer) -> Void) {
        while let (slot, length) = store.next(dueAt: now) {
            counts.delivered += 1
            counts.deliveredBytes += length
            send(UnsafeMutableRawBufferPointer(rebasing: store.bytes(slot)[..<length]))
            store.release(slot)
        }
    }

    /// How long after a packet's arrival the answer of hop `hop` is back at its sender: as far as the hop is along the
    /// line, there and back.
    func answerDelay(hop: Int, back other: Duration) -> UInt64 {
        let share = Double(hop + 1) / Double(settings.hops.count + 1)
        return UInt64(Double(settings.delay.nanoseconds + other.nanoseconds) * share)
    }

    /// What routers do. Returns the fate of a packet that ends here.
    private mutating func pass(_ bytes: UnsafeMutableRawBufferPointer, _ answer: UnsafeMutableRawBufferPointer) -> Fate?
    {
        guard let packet = IPv4Packet(bytes) else { return nil }
        if packet.timeToLive <= settings.hops.count {
            counts.expired += 1
            // Nobody answers an error with an error: RFC 1122, section 3.2.2.
            guard !packet.isICMPError, !settings.hops.isEmpty else { return .taken }
            let hop = max(0, packet.timeToLive - 1)
            let length = packet.writeError(type: 11, code: 0, from: settings.hops[hop], to: answer)
            return .answered(length: length, hop: hop)
        }
        // A router that tells cuts what may be cut: its pieces pass as the whole does here.
        if let narrowness = settings.narrowness, bytes.count > narrowness.mtu,
            packet.mustNotBeFragmented || !narrowness.isTold
        {
            counts.tooLong += 1
            guard narrowness.isTold, !packet.isICMPError, let router = settings.hops.first else { return .taken }
            let length = packet.writeError(type: 3, code: 4, nextMTU: narrowness.mtu, from: router, to: answer)
            return .answered(length: length, hop: 0)
        }
        if !settings.hops.isEmpty { packet.lowerTimeToLive(by: settings.hops.count) }
        return nil
    }

    private mutating func passesPolicer(_ length: Int, at now: UInt64) -> Bool {
        guard let policer = settings.policer else { return true }
        let most = Double(policer.burst.bytes)
        if let before = tokensAt {
            tokens = min(most, tokens + Double(now &- before) / 1e9 * policer.rate.bytesPerSecond)
        } else {
            tokens = most
        }
        tokensAt = now
        guard tokens >= Double(length) else {
            counts.policed += 1
            return false
        }
        tokens -= Double(length)
        return true
    }

    private mutating func isLost(_ draw: LineChance.Draw) -> Bool {
        let isLost: Bool
        switch settings.loss {
        case .none: isLost = false
        case .independent(let probability): isLost = draw.loss < probability
        case .bursts(let begin, let end, let lossWhileBad):
            if draw.change < (isBad ? end : begin) { isBad.toggle() }
            isLost = isBad && draw.loss < lossWhileBad
        }
        if isLost { counts.lost += 1 }
        return isLost
    }

    /// When the packet has left the shaper; nil if there is no room for it.
    private mutating func departure(_ length: Int, at now: UInt64) -> UInt64? {
        guard let shaper = settings.shaper else { return now }
        let perByte = 1e9 / shaper.rate.bytesPerSecond
        let start = max(now, busyUntil)
        let waiting = Double(start - now) / perByte
        guard waiting + Double(length) <= Double(max(shaper.queue.bytes, UInt64(PacketStore.slotSize))) else {
            counts.queueFull += 1
            return nil
        }
        busyUntil = start + UInt64(Double(length) * perByte)
        return busyUntil
    }

    private mutating func due(_ departure: UInt64, _ draw: LineChance.Draw) -> UInt64 {
        let jitter = UInt64(draw.jitter * Double(settings.jitter.nanoseconds))
        let due = departure + settings.delay.nanoseconds + jitter
        if draw.reordering < settings.reordering {
            counts.reordered += 1
            return due + settings.reorderingDelay.nanoseconds
        }
        lastDue = max(lastDue, due)
        return lastDue
    }
}

extension Duration {
    /// The whole duration in nanoseconds; 0 for a negative one.
    var nanoseconds: UInt64 {
        guard self > .zero else { return 0 }
        let (seconds, attoseconds) = components
        return UInt64(seconds) * 1_000_000_000 + UInt64(attoseconds / 1_000_000_000)
    }
}
