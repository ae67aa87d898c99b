internal import Dispatch
internal import Foundation
internal import Synchronization

/// Reads what another program says to its end, and gives up after an amount: children of it may keep the pipe open for as long
/// as they like.
final class BoundedReading: Sendable {
    private let read = Mutex<(data: Data, isWhole: Bool)>((Data(), false))
    private let done = Mutex(false)

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
            done.withLock { $0 = true }
        }
    }

    /// Whether nothing more is read: that was all, or it was too much.
    var isDone: Bool { done.withLock(\.self) }

    /// All of it; nil if it was too much, or is not done.
    var whole: Data? { read.withLock { $0.isWhole ? $0.data : nil } }
}
