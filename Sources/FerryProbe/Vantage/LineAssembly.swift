/// Lines out of bytes that come in pieces. A line of more than so many bytes is none: whoever sends it could fill the memory.
struct LineAssembly {
    private var pending: [UInt8] = []
    /// A record of a long probe, with all its samples, is a few hundred KiB.
    static let longest = 4 << 20

    /// The lines that `bytes` complete, without their ends; nil if one is too long.
    mutating func lines(_ bytes: some Collection<UInt8>) -> [[UInt8]]? {
        var lines: [[UInt8]] = []
        var rest = bytes[...]
        while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
            pending += rest[..<end]
            lines.append(pending)
            pending = []
            rest = rest[rest.index(after: end)...]
        }
        pending += rest
        return pending.count > LineAssembly.longest ? nil : lines
    }
}
