import Foundation
import Testing

@Suite(.enabled(if: Programs.areBuilt, "FERRY_BIN names no folder with ferry and ferry-agent"))
struct RandomFaultTests {
    /// Faults for one disk, before another is made.
    private static let faultsForAMove = 6

    /// FERRY_FAULT_SEED and FERRY_FAULT_COUNT try again what a failure printed.
    private static func number(_ name: String) -> UInt64? {
        ProcessInfo.processInfo.environment[name].flatMap { UInt64($0) }
    }

    @Test func noFaultAtAnyMomentLeavesAWrongByte() async throws {
        let seed = RandomFaultTests.number("FERRY_FAULT_SEED") ?? UInt64.random(in: 0 ... .max)
        let count = RandomFaultTests.number("FERRY_FAULT_COUNT").map { Int($0) } ?? (Programs.isFull ? 300 : 24)
        let begin = ContinuousClock.now
        var struck: [FaultKind: Int] = [:]
        var number = 0
        while number < count {
            // Each move has a seed of its own, so that it can be repeated without those before it.
            let moveSeed = seed &+ UInt64(number)
            let faults = min(RandomFaultTests.faultsForAMove, count - number)
            try await RandomFaultTests.move(seed: moveSeed, faults, &struck)
            number += faults
        }
        let kinds = struck.sorted { $0.key.rawValue < $1.key.rawValue }.map { "\($0.key) \($0.value)" }
        let sum = struck.values.reduce(0, +)
        print("\(sum) faults from seed \(seed) in \(ContinuousClock.now - begin): \(kinds.joined(separator: ", "))")
    }

    /// Moves one disk through `count` faults.
    private static func move(seed: UInt64, _ count: Int, _ struck: inout [FaultKind: Int]) async throws {
        try await Site.with { site in
            let move = try await FaultMove(site, seed: seed)
            let kinds = FaultKind.sequence(count, using: &move.generator)
            for (index, kind) in kinds.enumerated() {
                struck[kind, default: 0] += 1
                do {
                    try await move.strike(kind)
                } catch {
                    Issue.record(
                        """
                        fault \(index + 1), \(kind): \(error)
                        again with FERRY_FAULT_SEED=\(seed) FERRY_FAULT_COUNT=\(index + 1)
                        \(move.logs)
                        """
                    )
                    return
                }
            }
        }
    }
}
