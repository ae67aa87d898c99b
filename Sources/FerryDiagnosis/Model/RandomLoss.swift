internal import Foundation

/// How much of a transfer is lost on a path that loses at random: the fewer its segments, the oftener it is spared.
enum RandomLoss {
    private typealias Table = LikelihoodTable.Loss

    /// The probability that the loss is seen as heavy, or worse.
    static func heavy(_ contact: Contact) -> Double { 1 - isUnder(ProbeReading.heavyLoss, contact) }

    /// The probability that it is seen as light.
    static func light(_ contact: Contact) -> Double {
        isUnder(ProbeReading.heavyLoss, contact) - isUnder(ProbeReading.lightLoss, contact)
    }

    /// The probability that it is seen as severe.
    static func severe(_ contact: Contact) -> Double { 1 - isUnder(ProbeReading.severeLoss, contact) }

    private static func isUnder(_ limit: Double, _ contact: Contact) -> Double {
        let segments = min(Table.mostSegments, Double(max(1, contact.bytes)) / (contact.isSmallSegmented ? 536 : 1448))
        var sum = 0.0
        for burst in Table.bursts {
            let events = max(1, Int((limit * segments / burst).rounded(.up)))
            for share in Table.shares { sum += poisson(share * segments / burst, under: events) }
        }
        return sum / Double(Table.shares.count * Table.bursts.count)
    }

    /// The probability of less than `count` events if `mean` are expected.
    private static func poisson(_ mean: Double, under count: Int) -> Double {
        var term = exp(-mean)
        var sum = term
        for index in 1..<max(1, count) {
            term *= mean / Double(index)
            sum += term
        }
        return min(1, sum)
    }
}
