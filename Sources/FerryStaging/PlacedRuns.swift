internal import FerryImage

/// A region's runs with their places, to be asked what lies where.
struct PlacedRuns {
    private let runs: [(start: Int, run: Run)]

    init(_ record: RegionRecord) {
        var start = 0
        runs = record.runs.map { run in
            defer { start += run.blocks }
            return (start, run)
        }
    }

    /// The runs that cover exactly `blocks`; nil if one reaches across an end.
    func runs(covering blocks: Range<Int>) -> [Run]? {
        let inside = runs.filter { $0.start < blocks.upperBound && $0.start + $0.run.blocks > blocks.lowerBound }
        guard let first = inside.first, let last = inside.last, first.start == blocks.lowerBound,
            last.start + last.run.blocks == blocks.upperBound
        else { return nil }
        return inside.map(\.run)
    }

    /// Whether the chunk of `run` lies in its place already.
    func holds(_ run: RegionRun) -> Bool {
        runs.contains {
            $0.start == run.start && $0.run.blocks == run.blocks && $0.run.kind == .chunk
                && $0.run.digest == run.digest
        }
    }

    /// Whether any of `blocks` belongs to a chunk.
    func mayHoldData(_ blocks: Range<Int>) -> Bool {
        runs.contains {
            $0.run.kind == .chunk && $0.start < blocks.upperBound && $0.start + $0.run.blocks > blocks.lowerBound
        }
    }
}
