internal import FerryCore

/// Draws what the uplink carried, against what it can.
struct RatePlot {
    let readings: [(time: UTCTime, bitsPerSecond: Double)]
    let capacity: UInt64?
    let wording: any Wording

    /// - Parameter monitor: CSV, `time,bitsPerSecond`. Nil if there are not two readings to draw a line between.
    init?(_ monitor: String, capacity: UInt64?, _ wording: any Wording) {
        readings = monitor.split(whereSeparator: \.isNewline).compactMap { line in
            let cells = line.split(separator: ",").map { $0.filter { $0 != " " } }
            guard cells.count >= 2, let time = UTCTime(parsing: cells[0]), let rate = Double(cells[1]), rate >= 0,
                rate < 1e15
            else { return nil }
            return (time, rate)
        }.sorted { $0.time < $1.time }
        self.capacity = capacity
        self.wording = wording
        if readings.count < 2 { return nil }
    }

    func figure(caption: String) -> ReportDocument.Figure {
        let most = readings.map(\.bitsPerSecond).max() ?? 1
        let top = max(1, most, Double(capacity ?? 0)) * 1.08
        var canvas = SVGCanvas(width: 1056, height: 190)
        let axis = TimeAxis(of: readings.map(\.time), left: 90, right: 1040)
        let y = { (rate: Double) in 160 - rate / top * 140 }
        axis.draw(&canvas, top: 16, y: 160)
        // A point for each place on the screen, the highest of those that fall on it.
        var highest: [Int: Double] = [:]
        for reading in readings {
            let x = Int(axis.x(reading.time))
            highest[x] = max(highest[x] ?? 0, reading.bitsPerSecond)
        }
        canvas.curve(highest.sorted { $0.key < $1.key }.map { (Double($0.key), y($0.value)) }, "accent-line")
        if let capacity {
            canvas.line(90, y(Double(capacity)), 1040, y(Double(capacity)), "guide")
            canvas.text("\(BitRate(bitsPerSecond: capacity))", 84, y(Double(capacity)) + 4, "small", anchor: "end")
        }
        canvas.text("0", 84, 164, "small", anchor: "end")
        let rate = BitRate(bitsPerSecond: UInt64(most))
        return ReportDocument.Figure(
            svg: canvas.svg(title: caption),
            caption: caption,
            text: wording.mostRate("\(rate)"),
            textCaption: wording.uplinkTextCaption
        )
    }
}
