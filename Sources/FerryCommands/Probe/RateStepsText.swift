internal import FerryCore
internal import FerryEvidence
internal import FerryProbe

extension RateStepsVerdict {
    /// What it means, in sentences.
    var text: String {
        var text = ""
        if let kept {
            text = "Up to \(rate(kept.offeredBitsPerSecond)), what was offered arrived. "
            if let delayed, let queue = delayed.queueSeconds {
                text +=
                    "From \(rate(delayed.offeredBitsPerSecond)) on the round trip grew: packets stood in a queue for "
                text += "\(ProbeTable.time(queue)). "
            }
        }
        guard let broken else { return text + "Nothing on the way limits these rates." }
        return text + broken.limitText(limit, isFirst: kept == nil)
    }

    private func rate(_ bitsPerSecond: Double) -> String { RateStepsTable.rate(bitsPerSecond) }
}

extension RateStep {
    fileprivate func limitText(_ limit: RateStepsVerdict.Limit, isFirst: Bool) -> String {
        let offered = RateStepsTable.rate(offeredBitsPerSecond)
        let achieved = achievedBitsPerSecond.map(RateStepsTable.rate) ?? "next to nothing"
        let share = retransmittedShare ?? 0
        let again = share > 0 ? RateStepsTable.share(share) : "nothing"
        let idle = RateStepsTable.time(unloadedRoundTripSeconds)
        let loaded = RateStepsTable.time(loadedRoundTripSeconds)
        let came = "Of \(offered), \(achieved) arrived: "
        switch limit {
        case .none: return "Nothing on the way limits these rates."
        case .ended:
            let advice = outcome.advice.isEmpty ? "" : " \(outcome.advice)"
            guard !outcome.isBeforeHandshake else {
                return "At \(offered) no connection came about: \(outcome.words).\(advice)"
            }
            let own =
                isFirst ? " Does what listens there take content? A service of another protocol ends it, too." : ""
            let after = bytesAcknowledged.map { " after \(ByteCount(max(0, $0)))" } ?? ""
            return "At \(offered) the connection was ended\(after): \(outcome.words).\(advice)\(own)"
        case .queue:
            let bytes = queueBytes.map { ", about \(ByteCount($0))," } ?? ""
            return came + "the round trip grew from \(idle) to \(loaded), and \(again) was sent again. A queue\(bytes) "
                + "fills: the slowest line of the way, or a shaper, lets \(achieved) pass."
        case .drops:
            return came + "\(again) was sent again, and the round trip stayed (\(idle), loaded \(loaded)). Packets are "
                + "dropped without having stood in a queue: a policer, or a queue of a few packets."
        case .loss:
            return came
                + "\(again) was sent again, at lower rates not much less, and the round trip stayed. Packets are "
                + "lost whatever the rate: look for a bad line; several connections at a time get more through."
        case .receiver:
            return came + "the receiver's window was full for most of the time. The service reads too slowly, or its "
                + "receive buffer is too small for this round trip (\(idle))."
        case .unknown:
            return came
                + "the round trip stayed, and hardly anything was sent again. What limits is not on the way: this "
                + "host, or the send buffer for this round trip (\(idle))."
        }
    }
}
