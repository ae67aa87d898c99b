internal import FerryCore
internal import FerryTransport
internal import FerryWire
internal import NIOCore

/// What goes on at one moment, copied from the core so that others may look at it at their leisure.
struct SessionsSnapshot: Sendable {
    /// One lane.
    struct Lane: Sendable {
        var peer: String
        var ageSeconds: Double
        var receivedBytes: UInt64
        var sentBytes: UInt64
        /// Batches offered on it that are not durable.
        var batches: Int
    }

    /// What is done with a disk.
    enum Doing: String, Sendable {
        /// Nothing at the moment: the agent scans, or has no connection.
        case waiting
        /// Batches of it are on their way.
        case receiving
        /// The pass has ended, and what it brought is being made durable.
        case ending
        /// The volume is compared with the manifest.
        case readingBack = "reading-back"
    }

    /// One disk.
    struct Disk: Sendable {
        var name: String
        var doing: Doing
        var sizeBytes: UInt64
        var pass: UInt64
        var unindexedRegions: Int
    }

    /// One job that an agent is at work on.
    struct Session: Sendable {
        var job: String
        /// The agent; nil if its lanes are gone.
        var agent: String?
        var lanes: [Lane]
        var disks: [Disk]
        var liveBatches: Int
        var blockedBatches: Int
    }

    var sessions: [Session] = []
    /// Connections to the HTTP service.
    var httpConnections = 0
}

extension StagingCore {
    /// What goes on now. Called on the event loop; copies, and reads nothing from any disk.
    func sessionsSnapshot() -> SessionsSnapshot {
        let now = NIODeadline.now()
        let sessions = sessions.values.map { session in
            let receiving = Set(session.regions.live.values.map(\.disk) + session.blocked.values.map(\.disk))
            return SessionsSnapshot.Session(
                job: session.job.name,
                agent: session.lanes.values.first?.agent.name,
                lanes: session.lanes.values.map { SessionsSnapshot.Lane($0, now) }.sorted {
                    $0.ageSeconds > $1.ageSeconds
                },
                disks: session.volumes.sorted { $0.key < $1.key }.map {
                    SessionsSnapshot.Disk($0.value, $0.key, session, isReceiving: receiving.contains($0.key))
                },
                liveBatches: session.regions.live.count,
                blockedBatches: session.blocked.count
            )
        }
        return SessionsSnapshot(sessions: sessions.sorted { $0.job < $1.job }, httpConnections: httpConnections)
    }
}

extension SessionsSnapshot.Lane {
    init(_ session: LaneSession, _ now: NIODeadline) {
        let lane = session.lane
        self.init(
            peer: lane.peer,
            ageSeconds: Double((now - lane.openedAt).nanoseconds) / 1e9,
            receivedBytes: lane.bytesReceived.bytes,
            sentBytes: lane.bytesSent.bytes,
            batches: session.batches.count
        )
    }
}

extension SessionsSnapshot.Disk {
    init(_ volume: Volume, _ number: UInt16, _ session: JobSession, isReceiving: Bool) {
        let doing: SessionsSnapshot.Doing
        if session.readingBack[number] != nil {
            doing = .readingBack
        } else if session.endings[number] != nil {
            doing = .ending
        } else if isReceiving {
            doing = .receiving
        } else {
            doing = .waiting
        }
        self.init(
            name: volume.record.disk,
            doing: doing,
            sizeBytes: volume.size.bytes,
            // An index that an earlier release wrote may hold any number.
            pass: min(volume.record.lastPass, .max - 1) + 1,
            unindexedRegions: volume.unindexedCount
        )
    }
}
