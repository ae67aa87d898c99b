internal import CFerryLab
internal import Glibc

/// The loop of a line: reads packets at both ends, and writes at the other what is due.
final class LineThread {
    private let near: Int32
    private let far: Int32
    private var forward: LineDirection
    private var back: LineDirection
    private var middleboxes: [any Middlebox] = []
    private var forged = ForgedPackets()
    private let answer = UnsafeMutableRawBufferPointer.allocate(byteCount: 256, alignment: 16)
    /// Packets that are read at one end before the other has its turn.
    private static let turn = 64
    /// So often the outside is listened to, in nanoseconds.
    private static let pause: UInt64 = 20_000_000

    init(near: Int32, far: Int32, forward: LineSettings, back: LineSettings, seed: UInt64) {
        self.near = near
        self.far = far
        self.forward = LineDirection(forward, seed: seed)
        self.back = LineDirection(back, seed: ~seed)
    }

    deinit {
        answer.deallocate()
        close(near)
        close(far)
    }

    /// Runs until `exchange` answers nil. It is told what was counted, and how many nanoseconds of processor time that took.
    func run(_ exchange: ((LineCounts, LineCounts), UInt64) -> Line.Change?) {
        ferry_sleep_precisely()
        var listenAt: UInt64 = 0
        while true {
            var now = MonotonicClock.now()
            if now >= listenAt {
                listenAt = now + LineThread.pause
                guard let change = exchange((forward.counts, back.counts), MonotonicClock.ofThisThread()) else { return }
                if let settings = change.settings {
                    forward.settings = settings.forward
                    back.settings = settings.back
                }
                if let makers = change.middleboxes { middleboxes = makers.map { $0() } }
            }
            let due = min(forward.nextDue ?? .max, back.nextDue ?? .max, listenAt)
            let ready = ferry_wait_for_two(near, far, due > now ? Int64(due - now) : 0)
            now = MonotonicClock.now()
            if ready & 1 != 0 { receive(at: now, from: near, .forward, &forward, &back) }
            if ready & 2 != 0 { receive(at: now, from: far, .back, &back, &forward) }
            now = MonotonicClock.now()
            forward.deliver(at: now) { _ = write(far, $0.baseAddress, $0.count) }
            let middleboxes = middleboxes
            back.deliver(at: now) { bytes in
                if !middleboxes.isEmpty, meet(bytes, .back, at: now) == nil { return }
                _ = write(near, bytes.baseAddress, bytes.count)
            }
            if !forged.isEmpty { sendForged(at: now) }
        }
    }

    /// Shows a packet to the middleboxes, one after another.
    /// - Returns: how long it is held, in nanoseconds; nil if it ends here.
    private func meet(_ bytes: UnsafeMutableRawBufferPointer, _ way: Line.Way, at now: UInt64) -> UInt64? {
        var held: UInt64 = 0
        for middlebox in middleboxes {
            switch middlebox.meet(MetPacket(bytes, way, at: now), &forged) {
            case .passes: break
            case .held(let time): held += time
            case .ends: return nil
            }
        }
        return held
    }

    /// What middleboxes have made up goes from the near end, at once to whoever is there, along the line to the other.
    private func sendForged(at now: UInt64) {
        for packet in forged.toNear { _ = packet.withUnsafeBytes { write(near, $0.baseAddress, $0.count) } }
        for packet in forged.toFar { forward.receive(packet, at: now, answer: answer) }
        forged.removeAll()
    }

    private func receive(
        at now: UInt64,
        from device: Int32,
        _ way: Line.Way,
        _ direction: inout LineDirection,
        _ opposite: inout LineDirection
    ) {
        for _ in 0..<LineThread.turn {
            guard let slot = direction.slot() else {
                // It is read all the same: a line does not hold its sender up.
                guard read(device, answer.baseAddress, answer.count) > 0 else { return }
                direction.noteOverrun()
                continue
            }
            let bytes = direction.bytes(slot)
            let length = read(device, bytes.baseAddress, bytes.count)
            guard length > 0 else { return direction.giveBack(slot) }
            var held: UInt64 = 0
            if way == .forward, !middleboxes.isEmpty {
                guard let time = meet(UnsafeMutableRawBufferPointer(rebasing: bytes[..<length]), .forward, at: now)
                else {
                    direction.endAtMiddlebox(slot)
                    continue
                }
                held = time
            }
            let fate = direction.receive(slot, length: length, at: now, heldFor: held, answer: answer)
            if case .answered(let length, let hop) = fate {
                let delay = direction.answerDelay(hop: hop, back: opposite.settings.delay)
                opposite.inject(UnsafeRawBufferPointer(rebasing: answer[..<length]), due: now + delay)
            }
        }
    }
}
