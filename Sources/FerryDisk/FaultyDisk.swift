public import FerryCore
internal import Glibc
internal import Synchronization

/// A disk with scripted faults around another reader, to see how programs behave when a disk fails them.
public final class FaultyDisk: DiskReader {
    /// One fault.
    public struct Fault: Sendable {
        /// What happens.
        public enum Effect: Sendable {
            /// The read fails, as at a bad sector.
            case readError
            /// The disk ends at the start of the extent, as after it was shrunk.
            case ends
            /// The device is gone.
            case gone
            /// The read takes so much longer.
            case latency(Duration)
            /// Other bytes are read than are there: each is combined with this one by exclusive or.
            case changedContent(UInt8)
        }

        /// Reads that touch these bytes are struck.
        public var extent: Extent
        /// What happens.
        public var effect: Effect
        /// How many matching reads pass before the fault begins.
        public var after: Int
        /// How many reads are struck, then the disk is well again; nil for all that follow.
        public var times: Int?

        /// A fault with all its parts.
        public init(_ effect: Effect, at extent: Extent, after: Int = 0, times: Int? = nil) {
            self.effect = effect
            self.extent = extent
            self.after = after
            self.times = times
        }
    }

    /// The geometry of the disk behind.
    public var geometry: DiskGeometry { disk.geometry }
    /// The name of the disk behind.
    public var name: String { disk.name }
    /// The device of the disk behind.
    public var device: DeviceNumber? { disk.device }

    private let disk: any DiskReader
    private let faults: Mutex<[Fault]>

    /// `disk`, with `faults` in the order they are tried.
    public init(_ disk: any DiskReader, faults: [Fault]) {
        self.disk = disk
        self.faults = Mutex(faults)
    }

    /// Adds a fault while the disk is in use.
    public func add(_ fault: Fault) { faults.withLock { $0.append(fault) } }

    /// Reads from the disk behind, and does what the matching faults say.
    public func read(into buffer: UnsafeMutableRawBufferPointer, at offset: ByteCount) throws(FerryError) {
        let wanted = Extent(start: offset, length: ByteCount(buffer.count))
        let struck = due(for: wanted)
        for (effect, part) in struck {
            switch effect {
            case .latency(let duration):
                let (seconds, attoseconds) = duration.components
                usleep(UInt32(clamping: seconds * 1_000_000 + attoseconds / 1_000_000_000_000))
            case .readError: throw failure(.diskReadFailed, at: part.start, "scripted read error", .later)
            case .ends: throw failure(.diskChangedSize, at: part.start, "scripted end of the disk", .permanent)
            case .gone: throw failure(.diskGone, at: part.start, "scripted removal", .permanent)
            case .changedContent: break
            }
        }
        try disk.read(into: buffer, at: offset)
        for case (.changedContent(let mask), let part) in struck {
            for index in (part.start - offset).int..<(part.end - offset).int { buffer[index] ^= mask }
        }
    }

    private func due(for wanted: Extent) -> [(Fault.Effect, Extent)] {
        faults.withLock { faults in
            var struck: [(Fault.Effect, Extent)] = []
            for index in faults.indices {
                guard let part = faults[index].extent.intersection(wanted) else { continue }
                if faults[index].after > 0 {
                    faults[index].after -= 1
                    continue
                }
                if let times = faults[index].times {
                    guard times > 0 else { continue }
                    faults[index].times = times - 1
                }
                struck.append((faults[index].effect, part))
            }
            return struck
        }
    }

    private func failure(
        _ code: ErrorCode,
        at offset: ByteCount,
        _ cause: String,
        _ retry: RetryAdvice
    ) -> FerryError {
        FerryError(
            code,
            operation: "read the disk",
            subject: "\(name) at byte \(offset.bytes)",
            cause: cause,
            advice: "This fault was asked for.",
            retry: retry
        )
    }
}
