internal import FerryWire

/// Which batches of a job work on which regions, and which wait for them: of two batches with a region in common the
/// second begins when the first is done. Lives on the server's event loop; a later run of an agent has the same as the
/// earlier, so that two runs never write one region at a time.
///
/// Every step costs what the batch has regions, however many batches there are: an agent decides about both.
final class JobRegions {
    /// Batches that have begun and are not done, whatever became of their lane.
    private(set) var live: [ObjectIdentifier: Batch] = [:]
    /// The last batch that has claimed a region and is not done.
    private var last: [UInt64: Batch] = [:]

    /// Puts `batch` behind all that have claimed a region of it and are not done.
    func claim(_ batch: Batch) {
        for key in batch.regionKeys {
            guard let former = last.updateValue(batch, forKey: key), former !== batch else { continue }
            former.hasBehind(batch)
        }
    }

    /// Notes that `batch`, which waits for nobody, has begun.
    func begin(_ batch: Batch) { live[ObjectIdentifier(batch)] = batch }

    /// Lets go of the regions of `batch`, which is done.
    /// - Returns: the batches that wait for nobody now.
    func finish(_ batch: Batch) -> [Batch] {
        var ready: [Batch] = []
        var done = [batch]
        while let batch = done.popLast() {
            live[ObjectIdentifier(batch)] = nil
            for key in batch.regionKeys where last[key] === batch { last[key] = nil }
            for next in batch.takeThoseBehind() where next.waitsNoMore() {
                // One that was given up keeps its place until those before it are done: it is what others wait for.
                if next.isAbandoned { done.append(next) } else { ready.append(next) }
            }
        }
        return ready
    }
}
