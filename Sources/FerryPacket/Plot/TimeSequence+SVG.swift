extension TimeSequence {
    /// The diagram: the client's data above, the server's below, each with the acknowledgements and the window that the
    /// other side answers with.
    public var svg: String {
        let panels = [true, false].map { TimeSequencePanel(self, ofClient: $0) }.filter { !$0.isEmpty }
        let height = TimeSequencePanel.top + panels.count * TimeSequencePanel.height + 40
        var svg = SVGText(width: TimeSequencePanel.width, height: height)
        svg.text(TimeSequencePanel.left, 20, title, size: 14)
        if thinning > 1 {
            svg.text(TimeSequencePanel.left, 38, "of plain segments one in \(thinning) is drawn", size: 11)
        }
        for (index, panel) in panels.enumerated() {
            panel.draw(into: &svg, top: TimeSequencePanel.top + index * TimeSequencePanel.height)
        }
        return svg.finished
    }
}

/// One direction of a flow's time-sequence diagram.
struct TimeSequencePanel {
    static let width = 1000
    static let height = 340
    static let top = 50
    static let left = 80
    private static let right = 48
    private static let drawnHeight = 270

    private let events: [TimeSequence.Event]
    private let isOfClient: Bool
    private let base: UInt32
    private let scale: UInt32
    private let start: PacketTime
    private let span: Double
    private let highest: Double

    var isEmpty: Bool { highest <= 0 }

    init(_ sequence: TimeSequence, ofClient: Bool) {
        events = sequence.events
        isOfClient = ofClient
        let side = ofClient ? sequence.client : sequence.server
        let peer = ofClient ? sequence.server : sequence.client
        let firstData = sequence.events.first { $0.isFromClient == ofClient }?.start ?? 0
        let base = side?.opening?.sequence ?? firstData
        self.base = base
        scale = peer?.sequence.scale.shift ?? 0
        start = sequence.events.map(\.time).min() ?? sequence.start
        span = Double(max(1, (sequence.events.map(\.time).max() ?? start) - start))
        highest =
            sequence.events.filter { $0.isFromClient == ofClient && !$0.flags.contains(.rst) }
            .map { Double($0.end.distance(from: base)) }.max() ?? 0
    }

    private func x(_ time: PacketTime) -> Double {
        let room = Double(TimeSequencePanel.width - TimeSequencePanel.left - TimeSequencePanel.right)
        return Double(TimeSequencePanel.left) + Double(time - start) / span * room
    }

    private func y(_ number: UInt32, _ top: Int) -> Double {
        let share = Double(number.distance(from: base)) / max(1, highest * 1.15)
        let bottom = Double(top + TimeSequencePanel.drawnHeight + 20)
        return bottom - min(1.02, max(-0.02, share)) * Double(TimeSequencePanel.drawnHeight)
    }

    func draw(into svg: inout SVGText, top: Int) {
        let bottom = top + TimeSequencePanel.drawnHeight + 20
        let right = TimeSequencePanel.width - TimeSequencePanel.right
        let name = isOfClient ? "client to server" : "server to client"
        svg.text(TimeSequencePanel.left, top + 12, name, size: 12)
        svg.line(TimeSequencePanel.left, bottom, right, bottom, "axis")
        svg.line(TimeSequencePanel.left, top + 20, TimeSequencePanel.left, bottom, "axis")
        var lastNumber: UInt32?
        for step in 0...5 {
            let share = Double(step) / 5
            let time = PacketTime(nanoseconds: start.nanoseconds + Int64(share * span))
            svg.text(Int(x(time)) - 14, bottom + 16, PacketText.time(time - start), size: 10)
            let number = UInt32(share * max(0, min(highest, 2e9)))
            // Of a few bytes there are fewer steps.
            if number != lastNumber { svg.text(4, Int(y(base &+ number, top)) + 4, "\(number) B", size: 10) }
            lastNumber = number
        }
        drawAnswers(&svg, top)
        for event in events where event.isFromClient == isOfClient { draw(event, &svg, top) }
    }

    private func draw(_ event: TimeSequence.Event, _ svg: inout SVGText, _ top: Int) {
        let x = x(event.time)
        if event.flags.contains(.rst) {
            svg.mark(x, y(event.start, top), "RST", "reset")
            return
        }
        if event.flags.contains(.syn) { svg.mark(x, y(event.start, top), "SYN", "note") }
        if event.flags.contains(.fin) { svg.mark(x, y(event.end, top), "FIN", "note") }
        guard event.end != event.start else { return }
        let kind: String
        if !event.marks.isDisjoint(with: .anyRetransmission) {
            kind = "again"
        } else if event.marks.contains(.outOfOrder) {
            kind = "late"
        } else {
            kind = "data"
        }
        let from = y(event.start, top)
        // A segment of a long flow is lower than a line is thick.
        svg.bar(x, from, min(y(event.end, top), from - 1), kind)
    }

    /// The staircase of acknowledgements and that of the window's end.
    private func drawAnswers(_ svg: inout SVGText, _ top: Int) {
        var acknowledged: [(Double, Double)] = []
        var windows: [(Double, Double)] = []
        for event in events where event.isFromClient != isOfClient {
            guard event.flags.contains(.ack), !event.flags.contains(.rst) else { continue }
            let x = x(event.time)
            let shift = event.flags.contains(.syn) ? 0 : scale
            acknowledged.append((x, y(event.acknowledgement, top)))
            windows.append((x, y(event.acknowledgement &+ event.window &<< shift, top)))
            if event.marks.contains(.zeroWindow) { svg.mark(x, y(event.acknowledgement, top), "zero", "reset") }
            for (left, right) in event.blocks { svg.bar(x, y(left, top), y(right, top), "sack") }
        }
        let end = TimeSequencePanel.width - TimeSequencePanel.right
        svg.stairs(acknowledged, until: end, "ack")
        svg.stairs(windows, until: end, "window")
    }
}
