internal import FerryCore
internal import FerryEvidence

/// What a probe sends beyond what the protocol asks for, byte for byte the same each time.
struct ProbeContent {
    private let head: [UInt8]
    private let rest: [UInt8]
    private let mask: UInt8
    private let seed: UInt64?

    init(_ payload: ProbePayload, of plan: ProbePlan) {
        mask = payload.kind == .inverted ? 0xFF : 0
        seed = payload.kind == .random ? FNV1a(plan.id).value : nil
        let opening = ServiceOpening(plan)
        head = opening.realHead(bytes: payload.bytes)
        rest = opening.realRest
    }

    /// `count` bytes from `offset` on.
    func bytes(at offset: Int, count: Int) -> [UInt8] {
        guard let seed else {
            return (offset..<offset + count).map {
                ($0 < head.count ? head[$0] : rest[($0 - head.count) % rest.count]) ^ mask
            }
        }
        var result: [UInt8] = []
        result.reserveCapacity(count)
        for index in offset..<offset + count {
            let word = ProbeContent.mixed(seed &+ UInt64(index / 8) &* 0x9E37_79B9_7F4A_7C15)
            result.append(UInt8(truncatingIfNeeded: word >> UInt64(index % 8 * 8)))
        }
        return result
    }

    /// The finalizer of SplitMix64.
    private static func mixed(_ value: UInt64) -> UInt64 {
        var word = value
        word = (word ^ word >> 30) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ word >> 27) &* 0x94D0_49BB_1331_11EB
        return word ^ word >> 31
    }
}
