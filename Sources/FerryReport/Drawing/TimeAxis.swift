internal import FerryCore

/// Where moments lie on a horizontal line, and which of them are written under it.
struct TimeAxis {
    let from: UTCTime
    let to: UTCTime
    let left: Double
    let right: Double

    /// - Parameter times: at least one.
    init(of times: [UTCTime], left: Double, right: Double) {
        let first = times.min() ?? UTCTime(microseconds: 0)
        let last = max(times.max() ?? first, UTCTime(microseconds: first.microseconds + 1_000_000))
        let margin = (last.microseconds - first.microseconds) / 40
        from = UTCTime(microseconds: first.microseconds - margin)
        to = UTCTime(microseconds: last.microseconds + margin)
        self.left = left
        self.right = right
    }

    func x(_ time: UTCTime) -> Double {
        let share = Double(time.microseconds - from.microseconds) / Double(to.microseconds - from.microseconds)
        return left + min(1, max(0, share)) * (right - left)
    }

    /// Round moments, at most eight, with what is written at them.
    var ticks: [(time: UTCTime, label: String)] {
        let seconds: [Int64] = [
            1, 2, 5, 10, 30, 60, 120, 300, 600, 1800, 3600, 7200, 10800, 21600, 43200, 86400, 172_800, 604_800,
            2_592_000,
            31_536_000,
        ]
        let span = to.microseconds - from.microseconds
        let step = (seconds.first { span / ($0 * 1_000_000) <= 8 } ?? 31_536_000) * 1_000_000
        var ticks: [(UTCTime, String)] = []
        var at = (from.microseconds / step) * step
        while at <= to.microseconds, ticks.count < 12 {
            if at >= from.microseconds {
                let time = UTCTime(microseconds: at)
                let text = "\(time)"
                let day = String(text.dropFirst(5).prefix(5))
                let clock = String(text.dropFirst(11).prefix(step < 60_000_000 ? 8 : 5))
                // The day stands where it begins, and at the first of them.
                let isNewDay = ticks.isEmpty || at % 86_400_000_000 == 0
                ticks.append((time, step >= 86_400_000_000 ? day : isNewDay ? "\(day) \(clock)" : clock))
            }
            at += step
        }
        return ticks
    }

    /// Draws the line with its moments at `y`, and thin lines up to `top`.
    func draw(_ canvas: inout SVGCanvas, top: Double, y: Double) {
        for tick in ticks {
            canvas.line(x(tick.time), top, x(tick.time), y, "axis")
            canvas.text(tick.label, x(tick.time), y + 14, "small", anchor: "middle")
        }
        canvas.line(left, y, right, y, "axis")
    }
}
