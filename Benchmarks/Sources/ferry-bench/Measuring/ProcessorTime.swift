import Foundation

/// Time that processors spent.
struct ProcessorTime: Codable, Equatable {
    var userSeconds = 0.0
    var systemSeconds = 0.0

    var seconds: Double { userSeconds + systemSeconds }

    static func - (after: ProcessorTime, before: ProcessorTime) -> ProcessorTime {
        ProcessorTime(
            userSeconds: after.userSeconds - before.userSeconds,
            systemSeconds: after.systemSeconds - before.systemSeconds
        )
    }
}

/// What the whole machine's processors did since it was started.
struct MachineLoad {
    var busySeconds = 0.0
    /// What a hypervisor gave to others.
    var stolenSeconds = 0.0

    static func now() -> MachineLoad {
        let text = (try? String(contentsOfFile: "/proc/stat", encoding: .utf8)) ?? ""
        let ticks = text.prefix { $0 != "\n" }.split(separator: " ").dropFirst().compactMap { Double($0) }
        guard ticks.count >= 8 else { return MachineLoad() }
        let perSecond = Double(sysconf(Int32(_SC_CLK_TCK)))
        // user, nice, system, (idle, iowait), irq, softirq, steal
        return MachineLoad(
            busySeconds: (ticks[0] + ticks[1] + ticks[2] + ticks[5] + ticks[6]) / perSecond,
            stolenSeconds: ticks[7] / perSecond
        )
    }

    /// Waits until less than 15 % of the machine is busy, at most `limit` seconds.
    /// - Returns: whether it became so.
    static func waitUntilQuiet(atMost limit: Double) -> Bool {
        let window = 1.5
        let processors = Double(max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))))
        let begin = Clock.now
        repeat {
            let before = MachineLoad.now()
            Clock.sleep(window)
            if MachineLoad.now().busySeconds - before.busySeconds < 0.15 * window * processors { return true }
        } while Clock.now - begin < limit && !StopRequest.isThere
        return false
    }
}
