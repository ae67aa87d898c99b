internal import FerryCore

/// From which volumes a chunk may be copied that an agent has named and not sent.
public enum ChunkSharing: Sendable {
    /// From all volumes: a chunk that two servers have in common is sent once.
    case all
    /// From the volumes of the jobs of the same agent: nobody gets content, or learns that it is here, by its name alone.
    case agent
}

extension ChunkSharing {
    /// Whether `volume` may have what `source` holds.
    func mayCopy(from source: Volume, to volume: Volume, _ reading: Reading) throws -> Bool {
        switch self {
        case .all: return true
        case .agent:
            guard source.record.job != volume.record.job else { return true }
            let owners = try [source, volume].map { try ChunkSharing.owner(of: $0, reading) }
            return owners[0] != nil && owners[0] == owners[1]
        }
    }

    private static func owner(of volume: Volume, _ reading: Reading) throws -> String? {
        try reading.value(.jobs, Array(volume.record.job.utf8)) { String(decoding: $0, as: UTF8.self) }
    }
}
