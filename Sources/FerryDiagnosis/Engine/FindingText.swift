internal import FerryEvidence

/// Findings as sentences.
enum FindingText {
    /// - Parameter names: what the vantages are called, by their numbers.
    static func sentence(_ finding: Finding, _ names: [String] = []) -> String {
        switch finding {
        case .outcome(let contact, let outcome): "A connection \(text(contact, names)) came to \(outcome.rawValue)."
        case .requestSeen(let contact, _, .sourceHost, let seen):
            "The request of the connection \(text(contact, names)) \(seen ? "left" : "never left") the host that made it."
        case .requestSeen(let contact, _, let position, let seen):
            "The request of the connection \(text(contact, names)) was \(seen ? "" : "not ")seen at \(position.rawValue)."
        case .answerSeen(let contact, _, .sourceHost, let seen):
            "\(seen ? "An" : "No") answer to the connection \(text(contact, names)) came to the host that made it\(seen ? ", which did not take it" : "")."
        case .answerSeen(let contact, _, let position, let seen):
            "\(seen ? "A" : "No") SYN+ACK in answer to the connection \(text(contact, names)) was seen at \(position.rawValue)."
        case .serverEnded(_, _, let end):
            switch end {
            case .nothing: "The staging server sent neither RST nor FIN, yet the client saw the connection end."
            case .reset: "The staging server itself sent the RST."
            case .close: "The staging server itself sent the FIN."
            case .afterClient: "The staging server ended the connection only after the client had."
            }
        case .endIsForged(_, _, let isForged):
            isForged
                ? "The end was forged: the peer went on speaking after it, or several guessed at the sequence number."
                : "Nothing about the closing packet looks forged."
        case .endComesFromAsFar(_, _, let isAsFar):
            "The closing packet's time to live is \(isAsFar ? "" : "not ")that of the peer's answer."
        case .rejecter(_, _, .host): "The ICMP error came from the host itself."
        case .rejecter(_, _, .nearby): "The ICMP error came from near the source, sooner than the host can answer."
        case .rejecter(_, _, .faraway): "The ICMP error came from far on the way."
        case .icmpSays(_, _, .prohibited): "The ICMP error says that it is prohibited, as filters do."
        case .icmpSays(_, _, .portUnreachable):
            "The ICMP error says that the port cannot be reached: filters say so, and closed ports reset."
        case .icmpSays(_, _, .unreachable):
            "The ICMP error says that there is no way to the host or its network, as routers do."
        case .icmpSays(_, _, .timeExceeded):
            "The ICMP error says that the packet went round until its time was over, as where routers send each other what they have got."
        case .refusalNamesLimit(let value):
            "The words with which the service refuses name \(value ? "a" : "no") limit of connections."
        case .speaksAnother(let contact):
            "What answered the connection \(text(contact, names)) speaks another protocol than the suspect does."
        case .handshakeIsShort(let contact, let isShort):
            isShort
                ? "The handshake of the connection \(text(contact, names)) was answered from much nearer than the host is."
                : "The handshake of the connection \(text(contact, names)) took the time of a round trip to the host."
        case .isChallenged(_, let value):
            value
                ? "The first SYN was answered with a wrong number on purpose, as who challenges new clients does."
                : "The first SYN was answered as it should be."
        case .onlyECNIsLost(_, let value):
            value
                ? "The request with ECN was lost, the one without it answered."
                : "The request that was lost differed in nothing."
        case .lacksWindowScale(_, let value): "Window scaling was \(value ? "not " : "")agreed on."
        case .lacksSelectiveAcknowledgement(_, let value):
            "Selective acknowledgement was \(value ? "not " : "")agreed on."
        case .loss(let contact, let loss):
            "The transfer \(text(contact, names)) lost \(text(loss)) of its segments."
        case .roundTripGrows(let contact, let value):
            "Under load \(text(contact, names)) the round trip \(value ? "grew by far" : "stayed as it was")."
        case .receiverLimits(_, let value): "The receiver's window was \(value ? "" : "not ")what limited the transfer."
        case .reorders(_, let value): "Packets \(value ? "overtook" : "did not overtake") each other."
        case .listens(let value): "On the staging server \(value ? "something" : "nothing") listens at the port."
        case .queueOverflows(let value): "The service's queue of connections \(value ? "is full" : "has room")."
        case .hasRouteBack(let value): "The staging server has \(value ? "a" : "no") route back."
        case .leavesUnread(let value): "The service \(value ? "leaves unread what has come" : "reads what comes")."
        case .portsAreExhausted(let value):
            "The source server has \(value ? "no local port left" : "local ports left") towards the suspect."
        case .offersECN(let value): "The source server's requests \(value ? "offer" : "do not offer") ECN."
        case .ownsSuspectAddress(let value): "The staging server has \(value ? "" : "not ")the suspect's address."
        case .name(.leadsElsewhere):
            "From where it fails, the suspect's name leads to an address to which it leads from nowhere else."
        case .name(.leadsTheSameWay):
            "The suspect's name leads to the same address from where it fails and from elsewhere."
        case .name(.leadsNowhere): "From where it fails, the suspect's name leads to no address."
        case .addressChanges(let value):
            "One connection's packets left by \(value ? "several addresses" : "one address")."
        case .providerRecord(let record):
            switch record {
            case .blocksKey: "The provider's records have a block at the suspect's port."
            case .blocksSource: "The provider's records have a block of a source address."
            case .blocksSomebody:
                "The provider's records have a block at the suspect's port; whether it is of the failing source is not known."
            case .scrubs: "The provider's records say that the suspect's address is being scrubbed."
            case .blackHole: "The provider's records say that the suspect's address is taken off the Internet."
            case .nothing: "The provider's records, which are complete, have nothing about it."
            case .nothingKnown: "The provider's records have nothing about it; they are not complete."
            case .outdated: "The provider's records have nothing about it; they are older than what failed."
            }
        case .isAllowlisted(let source, let since):
            "The provider's allowlist has \(source), by which it fails, since \(since): it should have been let pass when it failed."
        case .uplinkIsFull(let value): "The site's line was \(value ? "" : "not ")full."
        case .controlsDisagree(let value):
            "The control \(value ? "worked once and failed once" : "did the same before and afterwards")."
        case .nothingHasFailed(let value): "\(value ? "None" : "Some") of the mover's connections has failed."
        case .onset(let onset):
            switch onset {
            case .burst: "It began after many connections in a short time."
            case .volume: "It began after much content."
            case .quiet: "It began after nothing out of the ordinary."
            }
        }
    }

    /// What kind of evidence it is, as a stable word.
    static func kind(_ finding: Finding) -> String {
        switch finding {
        case .outcome: "contrast"
        case .requestSeen, .answerSeen, .serverEnded, .addressChanges: "both-ends"
        case .endIsForged, .endComesFromAsFar, .rejecter, .icmpSays: "closing-packet"
        case .handshakeIsShort: "timing"
        case .isChallenged, .onlyECNIsLost, .lacksWindowScale, .lacksSelectiveAcknowledgement: "handshake"
        case .loss, .roundTripGrows, .receiverLimits, .reorders: "rate"
        case .listens, .queueOverflows, .hasRouteBack, .leavesUnread, .portsAreExhausted, .offersECN,
            .ownsSuspectAddress, .name:
            "host"
        case .providerRecord, .isAllowlisted: "provider-record"
        case .uplinkIsFull: "monitor"
        case .onset, .nothingHasFailed: "history"
        case .controlsDisagree, .refusalNamesLimit, .speaksAnother: "contrast"
        }
    }

    private static func text(_ loss: Finding.Loss) -> String {
        switch loss {
        case .none: "less than 0.3 %"
        case .light: "up to 1.9 %"
        case .heavy: "up to 8 %"
        case .severe: "more than 8 %"
        }
    }

    static func text(_ contact: Contact, _ names: [String] = []) -> String {
        var words: [String] = []
        switch contact.source {
        case .failing: words.append("from where it fails")
        case .declared(let number), .verified(let number), .outside(let number):
            words.append(
                number >= 100
                    ? "by another source address"
                    : "from \(names.indices.contains(number) ? names[number] : "vantage \(number + 1)") (\(contact.position.rawValue))"
            )
        }
        switch contact.destination {
        case .suspectHost: break
        case .sameRegion: words.append("to another host of the region")
        case .otherCloud: words.append("to another cloud")
        case .unrelated: words.append("to an unrelated host")
        }
        switch contact.port {
        case .suspect: words.append("at the suspect's port")
        case .alternate(let port), .other(let port): words.append("at port \(port)")
        }
        if contact.idleSeconds > 0 {
            words.append("with \((contact.idleSeconds * 10).rounded() / 10) s of silence in it")
        }
        if contact.bytes > 0 {
            words.append(
                "with \(contact.bytes) bytes of \(contact.content == .real ? "real" : contact.content == .inverted ? "inverted" : "random") content"
            )
        }
        if contact.isSmallSegmented { words.append("in small segments") }
        return words.joined(separator: " ")
    }
}
