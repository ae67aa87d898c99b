internal import ArgumentParser

extension ProbeCommand {
    /// Refuses what one of the ways to probe would ignore.
    func validateTogether() throws {
        let content = [
            ("--bytes", bytes != nil), ("--rate", rate != nil), ("--idle", idle != nil), ("--keep-alive", keepAlive),
            ("--concurrency", concurrency != 1),
        ]
        let kind = [("--payload", payload != nil)]
        let speech = [("--protocol", speaks != nil), ("--answer-wait", answerWait != nil)]
        if halfOpen { try refuse(content + kind + speech, beside: "--half-open") }
        // A ladder is one connection, or requests, whose times to live are its own.
        let request = [
            ("--count", count != 1), ("--half-open", halfOpen), ("--capture", capture),
            ("--from-port", fromPort != nil), ("--interval", interval != nil),
        ]
        let options = [
            ("--segment", segment != nil), ("--ttl", ttl != nil), ("--ecn", ecn), ("--without", !without.isEmpty),
        ]
        let waits = [("--connect-wait", connectWait != nil), ("--answer-wait", answerWait != nil)]
        let ofLadders = content + kind + request + options + waits
        if ladder {
            let other = [("--content-ladder", contentLadder), ("--protocol", speaks != nil)]
            try refuse(ofLadders + other, beside: "--ladder")
        }
        if contentLadder { try refuse(ofLadders, beside: "--content-ladder") }
        // Each step has a size, a rate and a moment of its own.
        let ladders = [("--ladder", ladder), ("--content-ladder", contentLadder)]
        if rateSteps != nil { try refuse(content + request + ladders, beside: "--rate-steps") }
    }

    private func refuse(_ others: [(name: String, isGiven: Bool)], beside option: String) throws {
        guard let other = others.first(where: \.isGiven) else { return }
        throw ValidationError("\(other.name) does not go with \(option): leave one of them out.")
    }
}
