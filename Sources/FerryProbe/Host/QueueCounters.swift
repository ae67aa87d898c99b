internal import CFerryLinux

/// What the queues before this host's devices have lost.
enum QueueCounters {
    /// `Queue.drops`, `Queue.requeues` and `Queue.overlimits`; nothing if the kernel does not tell.
    static func all() -> [String: Int] {
        var losses = ferry_queue_losses()
        guard ferry_queue_losses(&losses) == 0 else { return [:] }
        let counted = ["drops": losses.drops, "requeues": losses.requeues, "overlimits": losses.overlimits]
        return counted.reduce(into: [:]) { $0["Queue.\($1.key)"] = Int(clamping: $1.value) }
    }
}
