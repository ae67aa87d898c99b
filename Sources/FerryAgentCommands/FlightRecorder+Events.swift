internal import FerryProbe
internal import FerryReplication
internal import FerryTransport

extension FlightRecorder {
    /// Writes when a connection has died, and not while writers to the disks hang.
    func hear(_ event: ReplicationEvent) {
        switch event {
        case .laneEnded(let end) where end.error != nil: died()
        case .freezing: hold()
        case .thawed: release()
        default: break
        }
    }
}
