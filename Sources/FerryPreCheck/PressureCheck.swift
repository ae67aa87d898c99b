extension PreCheckID {
    /// How long tasks had to wait for processors, memory and disks.
    public static let pressure = PreCheckID("load.pressure")
}

/// What the kernel's pressure records say (kernel 4.20 and newer): the share of the last minute in which tasks waited.
enum PressureCheck {
    private static let limits: [(name: String, kind: String, percent: Double, advice: String)] = [
        ("cpu", "some", 60, "Choose a quieter time: the agent steps back and the first pass will be slow."),
        ("memory", "full", 10, "Free some memory before the move."),
        ("io", "full", 40, "The disks are busy already: choose a quieter time, or lower the agent's reading rate."),
    ]

    static func run(_ server: SourceServer) -> [PreCheckFinding] {
        var texts: [String] = []
        var advice: [String] = []
        for limit in limits {
            guard let text = server.files.text("/proc/pressure/\(limit.name)"),
                let percent = lastMinute(text, limit.kind)
            else { continue }
            texts.append("\(limit.name) \(tenths(percent)) %")
            if percent > limit.percent { advice.append(limit.advice) }
        }
        guard !texts.isEmpty else {
            // Kernels before 4.20 have none and nothing is wrong with them: load.processors and load.memory stand in.
            return [PreCheckFinding(.pressure, .ok, "This kernel keeps no record of waiting tasks", isChecked: false)]
        }
        return [
            PreCheckFinding(
                .pressure,
                advice.isEmpty ? .ok : .warning,
                "Share of the last minute in which tasks waited: \(texts.joined(separator: ", "))",
                advice: advice.joined(separator: " ")
            )
        ]
    }

    private static func lastMinute(_ text: String, _ kind: String) -> Double? {
        for line in ConfigurationLines.of(text) {
            let words = ConfigurationLines.words(line.text)
            guard words.first == kind, let word = words.first(where: { $0.hasPrefix("avg60=") }) else { continue }
            return Double(word.dropFirst(6)).flatMap { (0...100).contains($0) ? $0 : nil }
        }
        return nil
    }

    private static func tenths(_ percent: Double) -> String {
        let tenths = Int((percent * 10).rounded())
        return "\(tenths / 10).\(tenths % 10)"
    }
}
