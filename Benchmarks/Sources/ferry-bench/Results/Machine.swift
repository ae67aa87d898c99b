import Foundation

/// The machine the numbers are from.
struct Machine: Codable {
    var processor: String
    var processors: Int
    var memoryBytes: Int
    var kernel: String
    var distribution: String
    var architecture: String

    static func this() -> Machine {
        func read(_ path: String) -> String { (try? String(contentsOfFile: path, encoding: .utf8)) ?? "" }
        func value(_ name: String, in text: String, _ separator: Character) -> String? {
            for line in text.split(separator: "\n") {
                let parts = line.split(separator: separator, maxSplits: 1)
                guard parts.count == 2, parts[0].trimmingCharacters(in: .whitespaces) == name else { continue }
                return parts[1].trimmingCharacters(in: CharacterSet(charactersIn: " \t\""))
            }
            return nil
        }
        var system = utsname()
        uname(&system)
        let memory = value("MemTotal", in: read("/proc/meminfo"), ":")?.split(separator: " ").first
        return Machine(
            processor: value("model name", in: read("/proc/cpuinfo"), ":") ?? "unknown",
            processors: Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))),
            memoryBytes: (memory.flatMap { Int($0) } ?? 0) << 10,
            kernel: read("/proc/sys/kernel/osrelease").trimmingCharacters(in: .whitespacesAndNewlines),
            distribution: value("PRETTY_NAME", in: read("/etc/os-release"), "=") ?? "unknown",
            architecture: withUnsafeBytes(of: &system.machine) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
        )
    }

    var text: String {
        "Machine: \(processors) processors (\(processor), \(architecture)), "
            + "\(Text.mebibytes(Double(memoryBytes))) of memory, Linux \(kernel), \(distribution)."
    }
}
