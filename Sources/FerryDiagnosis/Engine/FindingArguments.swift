internal import FerryEvidence

extension FindingText {
    /// What a finding's sentence is about, as words that do not change: for whoever says it in another language. The first is
    /// the finding's word, the second its value, the third the connection.
    static func arguments(_ finding: Finding) -> [String] {
        switch finding {
        case .outcome(let contact, let outcome): ["outcome", outcome.rawValue, words(contact)]
        case .requestSeen(let contact, _, let position, let seen):
            ["request-seen", "\(seen)", words(contact), position.rawValue]
        case .answerSeen(let contact, _, let position, let seen):
            ["answer-seen", "\(seen)", words(contact), position.rawValue]
        case .serverEnded(let contact, _, let end): ["server-ended", end.rawValue, words(contact)]
        case .endIsForged(let contact, _, let value): ["end-is-forged", "\(value)", words(contact)]
        case .endComesFromAsFar(let contact, _, let value): ["end-comes-from-as-far", "\(value)", words(contact)]
        case .rejecter(let contact, _, let rejecter): ["rejecter", rejecter.rawValue, words(contact)]
        case .icmpSays(let contact, _, let meaning): ["icmp-says", meaning.rawValue, words(contact)]
        case .refusalNamesLimit(let value): ["refusal-names-limit", "\(value)"]
        case .speaksAnother(let contact): ["speaks-another", "true", words(contact)]
        case .handshakeIsShort(let contact, let value): ["handshake-is-short", "\(value)", words(contact)]
        case .isChallenged(let contact, let value): ["is-challenged", "\(value)", words(contact)]
        case .onlyECNIsLost(let contact, let value): ["only-ecn-is-lost", "\(value)", words(contact)]
        case .lacksWindowScale(let contact, let value): ["lacks-window-scale", "\(value)", words(contact)]
        case .lacksSelectiveAcknowledgement(let contact, let value): ["lacks-sack", "\(value)", words(contact)]
        case .loss(let contact, let loss): ["loss", loss.rawValue, words(contact)]
        case .roundTripGrows(let contact, let value): ["round-trip-grows", "\(value)", words(contact)]
        case .receiverLimits(let contact, let value): ["receiver-limits", "\(value)", words(contact)]
        case .reorders(let contact, let value): ["reorders", "\(value)", words(contact)]
        case .listens(let value): ["listens", "\(value)"]
        case .queueOverflows(let value): ["queue-overflows", "\(value)"]
        case .hasRouteBack(let value): ["has-route-back", "\(value)"]
        case .leavesUnread(let value): ["leaves-unread", "\(value)"]
        case .portsAreExhausted(let value): ["ports-are-exhausted", "\(value)"]
        case .offersECN(let value): ["offers-ecn", "\(value)"]
        case .ownsSuspectAddress(let value): ["owns-suspect-address", "\(value)"]
        case .name(let name): ["name", name.rawValue]
        case .addressChanges(let value): ["address-changes", "\(value)"]
        case .providerRecord(let record): [record.rawValue]
        case .isAllowlisted(let source, let since): ["allowlisted", source, "\(since)"]
        case .uplinkIsFull(let value): ["\(value)"]
        case .onset(let onset): ["onset", onset.rawValue]
        case .controlsDisagree(let value): ["controls-disagree", "\(value)"]
        case .nothingHasFailed(let value): ["nothing-has-failed", "\(value)"]
        }
    }

    /// A connection as words: where from, by which address, where to, at which port, and what was particular.
    private static func words(_ contact: Contact) -> String {
        var words = [contact.position.rawValue]
        switch contact.source {
        case .failing: words.append("failing")
        case .declared(let number), .verified(let number), .outside(let number):
            words.append(number >= 100 ? "other-address" : "vantage-\(number + 1)")
        }
        switch contact.destination {
        case .suspectHost: words.append("suspect-host")
        case .sameRegion: words.append("same-region")
        case .otherCloud: words.append("other-cloud")
        case .unrelated: words.append("unrelated")
        }
        switch contact.port {
        case .suspect: words.append("suspect-port")
        case .alternate(let port), .other(let port): words.append("\(port)")
        }
        if contact.idleSeconds > 0 { words.append("idle=\((contact.idleSeconds * 10).rounded() / 10)") }
        if contact.bytes > 0 {
            let content = contact.content == .real ? "real" : contact.content == .inverted ? "inverted" : "random"
            words += ["bytes=\(contact.bytes)", "content=\(content)"]
        }
        if contact.isSmallSegmented { words.append("small-segments") }
        return words.joined(separator: " ")
    }
}
