internal import CFerryLab
public import FerryCore
internal import Foundation
internal import Synchronization

/// A line between two network namespaces: a TUN device at each end, and what happens to packets between them. Runs in a
/// thread of its own until it is closed.
///
/// The kernel this is for may have neither netem nor fair queues; and netem's chances cannot be repeated.
public final class Line: Sendable {
    /// Which way along the line.
    public enum Way: Sendable {
        case forward
        case back
    }

    /// Makes a middlebox, in the thread of the line.
    typealias MiddleboxMaker = @Sendable () -> any Middlebox

    private struct Shared {
        var forward: LineSettings
        var back: LineSettings
        var middleboxes: [(owner: String, make: MiddleboxMaker)] = []
        var isChanged = false
        var middleboxesAreChanged = false
        var isClosed = false
        var counts = (forward: LineCounts(), back: LineCounts())
        var processorNanoseconds: UInt64 = 0
    }

    private let near: Int32
    private let far: Int32
    private let shared: Mutex<Shared>

    /// Makes both devices, in the calling thread's network namespace; they keep working when they are moved to another.
    /// - Parameters:
    ///   - names: of the devices, at most 15 bytes each.
    ///   - seed: what the chances begin with.
    /// - Throws: `FerryError` with `ErrorCode.labDevice` if the kernel refuses.
    public init(
        names: (near: String, far: String),
        forward: LineSettings,
        back: LineSettings,
        seed: UInt64
    ) throws(FerryError) {
        near = try Line.open(names.near)
        do throws(FerryError) {
            far = try Line.open(names.far)
        } catch {
            close(near)
            throw error
        }
        shared = Mutex(Shared(forward: forward, back: back))
        // It keeps the line until it is ended.
        let (near, far) = (near, far)
        Thread { [self] in
            LineThread(near: near, far: far, forward: forward, back: back, seed: seed).run { exchange($0, $1) }
        }.start()
    }

    private static func open(_ name: String) throws(FerryError) -> Int32 {
        let descriptor = ferry_tun_open(name)
        guard descriptor >= 0 else {
            let number = errno
            throw FerryError(
                .labDevice,
                operation: "make",
                subject: "the TUN device \(name)",
                cause: String(cString: strerror(number)),
                advice:
                    "The lab needs /dev/net/tun, readable and writable for whoever runs it (chmod 0666), and a kernel "
                    + "with CONFIG_TUN."
            )
        }
        return descriptor
    }

    /// Sets what happens from now on to packets that come.
    public func set(_ way: Way, _ settings: LineSettings) {
        shared.withLock {
            switch way {
            case .forward: $0.forward = settings
            case .back: $0.back = settings
            }
            $0.isChanged = true
        }
    }

    /// Has `makers`' middleboxes stand at the near end, in the name of `owner`, beside those of others. They have seen
    /// nothing of what is under way; those of others begin anew.
    func place(_ makers: [MiddleboxMaker], owner: String) {
        shared.withLock {
            $0.middleboxes += makers.map { (owner, $0) }
            $0.middleboxesAreChanged = true
        }
    }

    /// Takes the middleboxes of `owner` away.
    func removeMiddleboxes(of owner: String) {
        shared.withLock {
            $0.middleboxes.removeAll { $0.owner == owner }
            $0.middleboxesAreChanged = true
        }
    }

    /// What became of the packets, up to a tenth of a second ago.
    public var counts: (forward: LineCounts, back: LineCounts) { shared.withLock { $0.counts } }

    /// Processor time of its thread, up to a tenth of a second ago.
    public var processorTime: Duration { .nanoseconds(shared.withLock { $0.processorNanoseconds }) }

    /// Ends the line; its devices go with it, within a tenth of a second.
    public func end() { shared.withLock { $0.isClosed = true } }

    /// What changed since the line's thread last asked.
    struct Change {
        var settings: (forward: LineSettings, back: LineSettings)?
        var middleboxes: [MiddleboxMaker]?
    }

    /// Tells what was counted and how many nanoseconds of processor time that took, and hears what changed; nil to end.
    private func exchange(_ counts: (LineCounts, LineCounts), _ processorNanoseconds: UInt64) -> Change? {
        shared.withLock { shared in
            shared.counts = counts
            shared.processorNanoseconds = processorNanoseconds
            var change = Change()
            if shared.isChanged { change.settings = (shared.forward, shared.back) }
            if shared.middleboxesAreChanged { change.middleboxes = shared.middleboxes.map(\.make) }
            shared.isChanged = false
            shared.middleboxesAreChanged = false
            return shared.isClosed ? nil : change
        }
    }
}

extension ErrorCode {
    /// A device of the lab could not be made.
    public static let labDevice = ErrorCode("lab.device", .failure)
}
