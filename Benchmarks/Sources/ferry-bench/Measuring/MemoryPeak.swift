import Foundation

/// The most memory that the processes of a server held at the same time, as far as it was seen.
struct MemoryPeak: Codable, Equatable {
    /// The largest sum of what is resident (VmRSS), ten samples a second.
    var residentBytes = 0
    /// The largest sum of what is resident and no file (RssAnon).
    var anonymousBytes = 0
    /// The largest sum of the high-water marks (VmHWM), which no moment between two samples escapes.
    var highWaterBytes = 0

    /// Takes a sample of `processes` into account.
    mutating func note(_ processes: [pid_t]) {
        var sum = MemoryPeak()
        for process in processes {
            guard let status = try? String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8) else { continue }
            for line in status.split(separator: "\n") {
                let fields = line.split(whereSeparator: { $0 == ":" || $0 == " " || $0 == "\t" })
                guard fields.count == 3, fields[2] == "kB", let kibibytes = Int(fields[1]) else { continue }
                switch fields[0] {
                case "VmRSS": sum.residentBytes += kibibytes << 10
                case "RssAnon": sum.anonymousBytes += kibibytes << 10
                case "VmHWM": sum.highWaterBytes += kibibytes << 10
                default: break
                }
            }
        }
        residentBytes = max(residentBytes, sum.residentBytes)
        anonymousBytes = max(anonymousBytes, sum.anonymousBytes)
        highWaterBytes = max(highWaterBytes, sum.highWaterBytes)
    }
}
