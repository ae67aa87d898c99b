internal import ArgumentParser

/// Seeds that scenarios are drawn by: `6` for 1 to 6, or `7-8`.
struct SeedRange: ExpressibleByArgument {
    let seeds: [UInt64]

    init?(argument: String) {
        let ends = argument.split(separator: "-", omittingEmptySubsequences: false).map { UInt64($0) }
        let first = ends.count == 2 ? ends[0] : 1
        guard ends.count <= 2, let first, let last = ends[ends.count - 1], first >= 1, last >= first,
            last - first < 1000, last <= 1_000_000
        else { return nil }
        seeds = Array(first...last)
    }
}
