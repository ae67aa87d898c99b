internal import Dispatch
internal import Foundation
internal import Synchronization

/// Reads what another program says to its end, and gives up after a time or an amount: children of it may keep the pipe open
/// for as long as they like.
final class BoundedReading: Sendable {
    private let read = Mutex<(data: Data, isWhole: Bool)>((Data(), false))
    private let done = DispatchSemaphore(value: 0)

    init(of handle: FileHandle, most: Int) {
        DispatchQueue.global().async { [self] in
            while true {
                let part = handle.availableData
                let goesOn = read.withLock { read in
                    if part.isEmpty { read.isWhole = true }
                    read.data.append(part)
                    return !part.isEmpty && read.data.count <= most
                }
                if !goesOn { break }
            }
            done.signal()
        }
    }

    /// All of it; nil if it did not end by `deadline`, or was too much.
    func wait(until deadline: DispatchTime) -> Data? {
        guard done.wait(timeout: deadline) == .success else { return nil }
        return read.withLock { $0.isWhole ? $0.data : nil }
    }
}
