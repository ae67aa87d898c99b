/// Metrics in Prometheus' text format, version 0.0.4.
struct MetricsText {
    /// What a scraper is told that it gets.
    static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    /// The text so far.
    private(set) var text = ""

    /// Adds a number that only grows while the server runs.
    mutating func counter(_ name: String, _ help: String, _ value: Int) { add("counter", name, help, "\(value)") }

    /// Adds a number that goes up and down.
    mutating func gauge(_ name: String, _ help: String, _ value: some BinaryInteger) {
        add("gauge", name, help, "\(value)")
    }

    /// Adds a number that goes up and down.
    mutating func gauge(_ name: String, _ help: String, _ value: Double) { add("gauge", name, help, "\(value)") }

    /// Adds a metric whose value is its label.
    mutating func label(_ name: String, _ help: String, _ label: String, _ value: String) {
        var escaped = ""
        for character in value {
            switch character {
            case "\\": escaped += "\\\\"
            case "\"": escaped += "\\\""
            case "\n": escaped += "\\n"
            default: escaped.append(character)
            }
        }
        add("gauge", name, help, "1", labels: "{\(label)=\"\(escaped)\"}")
    }

    private mutating func add(_ kind: String, _ name: String, _ help: String, _ value: String, labels: String = "") {
        let name = "ferry_staging_" + name
        text += "# HELP \(name) \(help)\n# TYPE \(name) \(kind)\n\(name)\(labels) \(value)\n"
    }
}
