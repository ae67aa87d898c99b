internal import FerryCore
internal import Synchronization

extension StatusReport {
    /// The text of /metrics. Every metric stands in docs/manual/http.md.
    func metrics(_ snapshot: SessionsSnapshot) throws -> String {
        var text = MetricsText()
        text.label("release_info", "The release of the staging server, as a label.", "release", release)
        text.gauge(
            "start_time_seconds",
            "When the server started, in seconds since 1970.",
            Double(startedAt.microseconds) / 1e6
        )
        count(to: &text)
        try measure(snapshot, to: &text)
        return text.text
    }

    private func count(to text: inout MetricsText) {
        func add(_ name: String, _ help: String, _ counter: borrowing Atomic<Int>) {
            text.counter(name, help, counter.load(ordering: .relaxed))
        }
        add("accepted_lanes_total", "Lanes whose TLS handshake succeeded.", counters.lanesAccepted)
        add("refused_lanes_total", "Connections that ended before they could do any work.", counters.lanesRefused)
        add("received_bytes_total", "Bytes of packed content that arrived.", counters.bytesReceived)
        add("written_bytes_total", "Bytes of chunks that were written to volumes.", counters.chunkBytesWritten)
        add(
            "in_place_bytes_total",
            "Bytes of chunks that were offered and were in their place already.",
            counters.chunkBytesInPlace
        )
        add(
            "copied_bytes_total",
            "Bytes of chunks that were copied from elsewhere on this server instead of sent.",
            counters.chunkBytesCopied
        )
        add(
            "out_of_step_regions_total",
            "Regions whose base was not what the agent thought it was.",
            counters.regionsOutOfStep
        )
        add("repaired_regions_total", "Regions that were found wrong and asked for again.", counters.regionsRepaired)
        add(
            "measured_bytes_total",
            "Bytes that pre-checks and probes sent to measure the way, and that were thrown away.",
            counters.bytesMeasured
        )
        add("checkpoints_total", "Checkpoints that were made.", counters.checkpoints)
        text.counter(
            "failed_checkpoints_total",
            "Checkpoints that failed and were made again later.",
            store.checkpointHistory.failures
        )
        add("generations_total", "Passes that were read back and verified.", counters.generations)
    }

    private func measure(_ snapshot: SessionsSnapshot, to text: inout MetricsText) throws {
        let sessions = snapshot.sessions
        text.gauge("open_sessions", "Jobs that an agent is at work on.", sessions.count)
        text.gauge("open_lanes", "Lanes that carry a job.", sessions.reduce(0) { $0 + $1.lanes.count })
        text.gauge(
            "live_batches",
            "Batches between their offer and their checkpoint.",
            sessions.reduce(0) { $0 + $1.liveBatches }
        )
        text.gauge(
            "blocked_batches",
            "Batches that wait for another with the same regions.",
            sessions.reduce(0) { $0 + $1.blockedBatches }
        )
        text.gauge(
            "reading_back_volumes",
            "Volumes that are being read back.",
            sessions.reduce(0) { $0 + $1.disks.count { $0.doing == .readingBack } }
        )
        text.gauge("volumes", "Volumes in the data directory.", try store.volumeRecords().count)
        text.gauge(
            "unindexed_regions",
            "Regions that were written and wait for a checkpoint.",
            store.openVolumes.reduce(0) { $0 + $1.unindexedCount }
        )
        text.gauge(
            "unindexed_chunks",
            "Chunks that were written and wait for a checkpoint.",
            store.unindexedChunkCount
        )
        let data = DataDirectoryState(store, trials)
        text.gauge(
            "data_writable",
            "Whether agents can be served: 1 as long as /health says ok.",
            data.trouble == nil ? 1 : 0
        )
        if let free = data.freeBytes { text.gauge("data_free_bytes", "Bytes free under the data directory.", free) }
        if let size = data.sizeBytes {
            text.gauge("data_size_bytes", "Bytes of the file system of the data directory.", size)
        }
        if let age = data.checkpointAge {
            text.gauge("last_checkpoint_age_seconds", "Seconds since the last checkpoint.", age)
        }
        text.gauge("http_connections", "Connections to this HTTP service.", snapshot.httpConnections)
    }
}
