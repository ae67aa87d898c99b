public import FerryCore
internal import Foundation

/// What the kernel says of the machine's memory.
public struct MachineMemory: Sendable, Equatable {
    /// What the kernel's own small objects take, those of network namespaces among them.
    public var slab: ByteCount
    /// What programs could still have.
    public var available: ByteCount

    /// Reads what /proc/meminfo holds; nil if it lacks something.
    init?(parsing text: String) {
        func value(_ name: String) -> ByteCount? {
            let line = text.split(separator: "\n").first { $0.hasPrefix("\(name):") }
            return line?.split(separator: " ").dropFirst().first.flatMap { UInt64($0) }.map { .kibibytes($0) }
        }
        guard let slab = value("Slab"), let available = value("MemAvailable") else { return nil }
        self.slab = slab
        self.available = available
    }

    /// Now.
    static func now() -> MachineMemory? {
        (try? String(contentsOfFile: "/proc/meminfo", encoding: .utf8)).flatMap(MachineMemory.init(parsing:))
    }
}
