internal import CFerryLab
internal import Glibc

/// The loop of a line: reads packets at both ends, and writes at the other what is due.
final class LineThread {
    private let near: Int32
    private let far: Int32
    private var forward: LineDirection
    private var back: LineDirection
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

    /// Runs until `exchange` says no. It is told what was counted and how many nanoseconds of processor time that took, and
    /// may hand over new settings.
    func run(_ exchange: (inout (LineSettings, LineSettings)?, (LineCounts, LineCounts), UInt64) -> Bool) {
        ferry_sleep_precisely()
        var listenAt: UInt64 = 0
        while true {
            var now = LineThread.now()
            if now >= listenAt {
                listenAt = now + LineThread.pause
                var settings: (LineSettings, LineSettings)?
                guard exchange(&settings, (forward.counts, back.counts), LineThread.now(CLOCK_THREAD_CPUTIME_ID))
                else { return }
                if let (first, second) = settings {
                    forward.settings = first
                    back.settings = second
                }
            }
            let due = min(forward.nextDue ?? .max, back.nextDue ?? .max, listenAt)
            let ready = ferry_wait_for_two(near, far, due > now ? Int64(due - now) : 0)
            now = LineThread.now()
            if ready & 1 != 0 { receive(at: now, from: near, &forward, &back) }
            if ready & 2 != 0 { receive(at: now, from: far, &back, &forward) }
            now = LineThread.now()
            forward.deliver(at: now) { _ = write(far, $0.baseAddress, $0.count) }
            back.deliver(at: now) { _ = write(near, $0.baseAddress, $0.count) }
        }
    }

    private func receive(
        at now: UInt64,
        from device: Int32,
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
            if case .answered(let length, let hop) = direction.receive(slot, length: length, at: now, answer: answer) {
                let delay = direction.answerDelay(hop: hop, back: opposite.settings.delay)
                opposite.inject(UnsafeRawBufferPointer(rebasing: answer[..<length]), due: now + delay)
            }
        }
    }

    private static func now(_ clock: clockid_t = CLOCK_MONOTONIC) -> UInt64 {
        var time = timespec()
        clock_gettime(clock, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }
}
