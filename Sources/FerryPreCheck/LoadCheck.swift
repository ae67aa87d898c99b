internal import FerryCore

extension PreCheckID {
    /// How busy the processors are.
    public static let processorLoad = PreCheckID("load.processors")
    /// How full the memory is.
    public static let memoryLoad = PreCheckID("load.memory")
}

/// Whether the server has anything left for an agent that may use one core and 64 MiB.
enum LoadCheck {
    static func run(_ server: SourceServer) -> [PreCheckFinding] { [processors(server), memory(server)] }

    private static func processors(_ server: SourceServer) -> PreCheckFinding {
        guard let before = times(server.files) else {
            return .unchecked(.processorLoad, "The processors' load", because: "/proc/stat cannot be read")
        }
        server.kernel.pause(server.request.sampleTime)
        guard let after = times(server.files), after.total > before.total, after.idle >= before.idle else {
            return .unchecked(.processorLoad, "The processors' load", because: "/proc/stat does not advance")
        }
        let total = after.total - before.total
        let busy = total - min(total, after.idle - before.idle)
        let average = server.files.text("/proc/loadavg").flatMap { ConfigurationLines.words($0).first }
        let seen =
            "The processors (\(after.count)) are \(busy * 100 / total) % busy"
            + (average.map { ", and \($0) tasks were running or waiting on average over the last minute" } ?? "")
        guard busy * 100 > total * 90 else { return PreCheckFinding(.processorLoad, .ok, seen) }
        let advice = "The first pass will be slow, because the agent steps back: choose a quieter time."
        return PreCheckFinding(.processorLoad, .warning, seen, advice: advice)
    }

    private static func times(_ files: SourceServerFiles) -> (total: UInt64, idle: UInt64, count: Int)? {
        guard let text = files.text("/proc/stat") else { return nil }
        let lines = ConfigurationLines.of(text).map { ConfigurationLines.words($0.text) }.filter {
            $0[0].hasPrefix("cpu")
        }
        guard let all = lines.first(where: { $0[0] == "cpu" }) else { return nil }
        // user nice system idle iowait irq softirq steal; what follows is counted in user already.
        let ticks = all.dropFirst().prefix(8).compactMap { UInt64($0) }
        guard ticks.count >= 4, ticks.allSatisfy({ $0 < 1 << 50 }) else { return nil }
        return (ticks.reduce(0, +), ticks[3] + (ticks.count > 4 ? ticks[4] : 0), lines.count - 1)
    }

    private static func memory(_ server: SourceServer) -> PreCheckFinding {
        guard let text = server.files.text("/proc/meminfo") else {
            return .unchecked(.memoryLoad, "The memory's load", because: "/proc/meminfo cannot be read")
        }
        let lines = ConfigurationLines.of(text)
        func kibibytes(_ name: String) -> UInt64? {
            for line in lines where line.text.hasPrefix(name + ":") {
                return ConfigurationLines.words(line.text).dropFirst().first.flatMap { UInt64($0) }
            }
            return nil
        }
        guard let total = kibibytes("MemTotal"), total > 0, total < 1 << 50 else {
            return .unchecked(.memoryLoad, "The memory's load", because: "/proc/meminfo does not say how much there is")
        }
        // MemAvailable came with kernel 3.14; before, free memory and what the caches would give back is near enough.
        let caches = ["MemFree", "Buffers", "Cached", "SReclaimable"].reduce(0 as UInt64) {
            $0 + min(total, kibibytes($1) ?? 0)
        }
        let available = min(total, kibibytes("MemAvailable") ?? caches)
        let used = total - available
        let seen =
            "\(used * 100 / total) % of \(ByteCount.kibibytes(total)) of memory is in use, "
            + "\(ByteCount.kibibytes(available)) is available"
        guard used * 100 > total * 95 || available < 128 << 10 else { return PreCheckFinding(.memoryLoad, .ok, seen) }
        let advice = "The agent needs up to 64 MiB: free some memory, so that the kernel ends nobody's process for it."
        return PreCheckFinding(.memoryLoad, .warning, seen, advice: advice)
    }
}
