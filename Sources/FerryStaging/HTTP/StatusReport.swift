internal import FerryCore
internal import NIOHTTP1

/// Makes the answers of the HTTP service. Looks at the index and the data directory, so call it from a thread that may
/// wait.
struct StatusReport: Sendable {
    let store: StagingStore
    let counters: StagingCounters
    let release: String
    let startedAt = UTCTime.now()
    let trials = WriteTrials()

    func answer(_ route: StatusRoute, _ sessions: SessionsSnapshot) -> HTTPAnswer {
        do {
            switch route {
            case .health: return health()
            case .metrics: return HTTPAnswer(text: try metrics(sessions), contentType: MetricsText.contentType)
            case .volumes: return try volumes()
            case .volume(let name): return try volume(name)
            case .sessions: return try self.sessions(sessions)
            }
        } catch let error as FerryError where error.code == .volumeUnknown {
            return HTTPAnswer(.notFound, error)
        } catch {
            return HTTPAnswer(.internalServerError, StagingCore.ferryError(error))
        }
    }

    private func health() -> HTTPAnswer {
        let state = DataDirectoryState(store, trials)
        return HTTPAnswer(state.trouble == nil ? .ok : .serviceUnavailable) { json in
            json.member("status", state.trouble == nil ? "ok" : "failing")
            json.member("why", state.trouble?.summary)
            json.member("advice", state.trouble?.advice)
            json.member("release", release)
            json.member("startedAt", startedAt.description)
            json.member("freeBytes", state.freeBytes)
            json.member("sizeBytes", state.sizeBytes)
            if let age = state.checkpointAge { json.member("lastCheckpointAgeSeconds", age) }
        }
    }

    private func volumes() throws -> HTTPAnswer {
        let volumes = try VolumeStatus.all(in: store)
        return HTTPAnswer { json in
            json.member(
                "volumes",
                array: { json in
                    for volume in volumes { json.object { volume.write(to: &$0) } }
                }
            )
        }
    }

    private func volume(_ name: String) throws -> HTTPAnswer {
        let volume = try VolumeStatus.named(name, in: store)
        return HTTPAnswer { volume.write(to: &$0) }
    }

    private func sessions(_ snapshot: SessionsSnapshot) throws -> HTTPAnswer {
        var sessions = snapshot.sessions
        for index in sessions.indices where sessions[index].agent == nil {
            sessions[index].agent = try store.owner(of: try JobID(sessions[index].job))
        }
        return HTTPAnswer { json in
            json.member(
                "sessions",
                array: { json in
                    for session in sessions { json.object { session.write(to: &$0) } }
                }
            )
        }
    }
}

extension SessionsSnapshot.Session {
    /// Writes the members of the session.
    func write(to json: inout JSONText) {
        json.member("job", job)
        json.member("agent", agent)
        json.member("liveBatches", liveBatches)
        json.member("blockedBatches", blockedBatches)
        json.member(
            "lanes",
            array: { json in
                for lane in lanes {
                    json.object {
                        $0.member("peer", lane.peer)
                        $0.member("ageSeconds", lane.ageSeconds)
                        $0.member("receivedBytes", lane.receivedBytes)
                        $0.member("sentBytes", lane.sentBytes)
                        $0.member("batches", lane.batches)
                    }
                }
            }
        )
        json.member(
            "disks",
            array: { json in
                for disk in disks {
                    json.object {
                        $0.member("disk", disk.name)
                        $0.member("doing", disk.doing.rawValue)
                        $0.member("sizeBytes", disk.sizeBytes)
                        $0.member("pass", disk.pass)
                        $0.member("unindexedRegions", disk.unindexedRegions)
                    }
                }
            }
        )
    }
}
