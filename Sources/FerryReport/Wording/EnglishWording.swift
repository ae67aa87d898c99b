internal import FerryCore
internal import FerryEvidence

/// A report in English.
struct EnglishWording: Wording {
    let tag = "en"

    private func count(_ number: Int, _ one: String, _ many: String? = nil) -> String {
        "\(number) \(number == 1 ? one : many ?? one + "s")"
    }

    func word(_ word: String, _ vocabulary: Vocabulary) -> String { EnglishVocabulary.words[vocabulary]?[word] ?? word }

    func place(_ position: Site.Position) -> String {
        switch position {
        case .application: "application"
        case .sourceHost: "source server"
        case .sourceLAN: "site network"
        case .sourceFirewall: "firewall"
        case .sourceEgress: "site's edge"
        case .carrier: "carrier"
        case .transit: "transit"
        case .cloudEdge: "cloud edge"
        case .cloudNetwork: "cloud network"
        case .service: "staging server"
        case .otherPublic: "elsewhere on the Internet"
        }
    }

    func level(_ level: DiagnosisDocument.Level) -> String {
        switch level {
        case .confirmed: "Confirmed"
        case .veryLikely: "Very likely"
        case .likely: "Likely"
        case .indistinguishable: "Cannot be told apart from here"
        case .noVerdict: "No verdict"
        }
    }

    func time(_ time: UTCTime, isExact: Bool) -> String {
        let text = "\(time)"
        return "\(text.prefix(10)) \(text.dropFirst(11).prefix(isExact ? 12 : 8)) UTC"
    }

    func duration(_ seconds: Double) -> String {
        let whole = Int(min(max(0, seconds), 1e12).rounded())
        if whole < 60 { return "\(whole) s" }
        if whole < 3600 { return "\(whole / 60) min \(whole % 60) s" }
        if whole < 86400 { return "\(whole / 3600) h \(whole / 60 % 60) min" }
        return "\(whole / 86400) d \(whole / 3600 % 24) h"
    }

    func list(_ items: [String]) -> String { items.joined(separator: ", ") }
    func more(_ count: Int) -> String { "and \(count) more" }
    let colon = ": "
    let semicolon = "; "
    let worked = "worked"
    let failed = "failed"
    let probes = "probes"
    let unknown = "unknown"
    let faultHere = "fault here"
    let faultPerhapsHere = "fault perhaps here"
    let diagnosisRan = "the diagnosis ran"
    func otherServers(_ count: Int) -> String { self.count(count, "other server") }
    func mostRate(_ rate: String) -> String { "The line carried at most \(rate)." }
    func relation(_ relation: Site.Relation) -> String {
        switch relation {
        case .sameRegion: "same region"
        case .otherCloud: "another cloud"
        case .unrelated: "unrelated"
        }
    }
    let control = "control"
    func called(_ end: String, _ what: String) -> String { "\(end) (\(what))" }
    let suspect = "the suspect"
    let alternatePort = "other port"

    func title(_ suspect: String?, isFault: Bool) -> String {
        let end = suspect.map { " to \($0)" } ?? ""
        return isFault ? "Incident report: connections\(end)" : "Report: connections\(end) are well"
    }
    let contents = "Sections"
    func footer(_ schema: String) -> String {
        "Written by ferry report from \(schema). All times are UTC. Nothing was asked of the network for it."
    }
    let interrupted = "Interrupted"
    let interruptedAdvice =
        "before it was sure: what follows is what was known then. Go on with it: ferry diagnose --continue, with the incident's folder."
    let diagnosed = "Diagnosed"
    func fromTo(_ from: String, _ to: String) -> String { "\(from) to \(to)" }
    let tier = "Looked at"
    func tier(_ tier: Int) -> String {
        switch tier {
        case 0: "tier 0: without privileges"
        case 1: "tier 1: with capture at the source"
        case 2: "tier 2: with a vantage point on the staging side"
        default: "tier \(tier): with the provider's records"
        }
    }
    let cost = "Cost"
    func cost(_ cost: DiagnosisDocument.Cost) -> String {
        "\(count(cost.suspectConnects, "connection")) to the suspect, \(duration(cost.seconds)), \(ByteCount(UInt64(clamping: cost.bytes)))"
    }

    func answer(causes: [String], places: [String], _ verdict: DiagnosisDocument.Verdict) -> String {
        if verdict.causes == ["none"] {
            return verdict.level == .likely
                ? "Nothing that was tried fails. What shows not always, or not in so few connections, is not ruled out."
                : "Nothing is wrong with the connections that were looked at."
        }
        if verdict.level == .noVerdict || causes.isEmpty {
            return "What is wrong could not be found out with what was granted."
        }
        let place = places.isEmpty ? "" : " Where: \(list(places))."
        if verdict.level == .indistinguishable {
            return "It is one of these, and from here they look the same: \(causes.joined(separator: "; ")).\(place)"
        }
        let sentence = causes.joined(separator: "; and at the same time: ")
        return "\(sentence.prefix(1).uppercased())\(sentence.dropFirst()).\(place)"
    }

    let symptomTitle = "Symptom"
    let scopeTitle = "Scope"
    let timelineTitle = "Timeline"
    let topologyTitle = "Topology"
    let evidenceTitle = "Evidence"
    let ruledOutTitle = "What was ruled out"
    let conclusionTitle = "Conclusion"
    let triggerTitle = "Trigger"
    let impactTitle = "Impact"
    let remedyTitle = "Remedy"
    let ticketTitle = "Ticket"
    let filesTitle = "About this report"

    func symptom(failures: Int, of total: Int, suspect: String, first: String, last: String) -> String {
        "Of \(count(total, "connection")) of the move to \(suspect), \(failures) failed: \(first == last ? "at \(first)" : "the first at \(first), the last at \(last)")."
    }
    func symptomOutcomes(_ outcomes: [(outcome: String, count: Int)]) -> String {
        let items = outcomes.map { "\($0.count) × \(word($0.outcome, .outcome)) (\($0.outcome))" }
        return "They ended like this: \(items.joined(separator: "; "))."
    }
    func symptomOfProbes(_ suspect: String, worked: Int, of total: Int) -> String {
        "When it was diagnosed, \(worked) of \(total) probes to \(suspect) from the failing vantage point worked."
    }
    let noSymptom = "No failing connection is on record."
    func banner(_ suspect: String) -> String { "Where \(suspect) answered, its first words were: " }

    let scopeIntroduction = "Every connection that was tried, by where it came from and where it went."
    let noProbes = "No probe is on record."
    let vantage = "Vantage point"
    let position = "Where"
    let sourceAddress = "Source address"
    let destination = "Destination"
    let result = "Outcome"
    func times(_ worked: Int, of count: Int) -> String { "\(worked) of \(count)" }
    let workedTitle = "Worked"
    let scopeFails = "Fails: "
    let scopeWorks = "Works: "
    let scopeWorksSometimes = "Works now and then: "

    let timelineCaption = "Connections of the move for each source server, and the probes of the diagnosis."
    let when = "When"
    let what = "What"
    let firstSuccess = "First connection of the move that worked."
    func firstFailure(_ server: String, _ outcome: String) -> String {
        "First failure: \(server), \(word(outcome, .outcome)) (\(outcome))."
    }
    func lastFailure(_ server: String, _ outcome: String) -> String {
        "Last failure so far: \(server), \(word(outcome, .outcome)) (\(outcome))."
    }
    func recovered(_ server: String) -> String { "Connections work again: \(server)." }
    let diagnosisBegan = "The diagnosis began."
    let diagnosisEnded = "The diagnosis ended."
    func probeMade(_ id: String, _ way: String, _ outcome: String) -> String {
        "Probe \(id), \(way): \(word(outcome, .outcome)) (\(outcome))."
    }
    func blockSince(_ source: String, _ destination: String) -> String {
        "By the provider's records: \(source) is blocked at \(destination) from here on."
    }
    let blockSinceShort = "blocked:"
    func blockUntil(_ source: String, _ destination: String) -> String {
        "By the provider's records: the block of \(source) at \(destination) ends."
    }
    func allowed(_ source: String) -> String { "\(source) is on the provider's allowlist" }
    func scrubbedSince(_ destination: String) -> String { "scrubbing of \(destination) begins" }
    func blackHoleSince(_ destination: String) -> String { "\(destination) is taken off the Internet" }

    let topologyCaption =
        "The path, with the locus in red. Below, every way that was tried: an arrow where it worked, a cross where it failed."
    let topologyTextCaption =
        "The path, with XX at the locus and (o) for vantage points. Below, every way that was tried: ok where it worked each time, FAIL where it did not."
    let pathUnknown = "The site file has no path: the places are the general ones."

    let withoutWeight = "Also seen, and speaking neither for nor against any of the leading causes:"
    let evidenceIntroduction = "What speaks for and against each cause."
    func evidence(_ evidence: DiagnosisDocument.Evidence) -> Line { Line(evidence.says) }
    let speaksFor = "Speaks for"
    let speaksAgainst = "Speaks against"
    let record = "Record"
    let contrasts = "Contrasts"
    let contrastsIntroduction =
        "one factor was changed and nothing else, between two controls. It counts if the controls agreed."
    let changed = "Changed"
    let failing = "In question"
    let compared = "Compared with"
    let counts = "Counts"
    let isLeftOpen = "open: the service itself may have ended it, which need not take content of a stranger"
    func counts(_ held: Bool) -> String { held ? "yes" : "no: the controls disagreed" }
    let why = "Why it was made"
    func reason(_ experiment: DiagnosisDocument.Experiment) -> Line? { free(experiment.why) }
    func free(_ english: String?) -> Line? { english.flatMap { $0.isEmpty ? nil : Line($0) } }
    let packets = "Packets"
    let packetsIntroduction =
        "how handshakes were answered and connections ended. A closing packet with another time to live than the same host's answers comes from another place."
    func packetHeads() -> [String] {
        [
            "Record", "At", "Connection", "After", "Packet", "Flags", "TTL", "IP ID", "Seq. offset", "Window",
            "Bytes",
        ]
    }
    func packetRole(_ role: PacketRole) -> String {
        switch role {
        case .request: "request"
        case .answer: "answer"
        case .closing: "end"
        case .afterClosing: "after the end"
        }
    }
    func ladder(_ ladder: LadderRecord) -> String {
        let what = ladder.plan.sends == .request ? "requests" : "content"
        return
            "Ladder \(ladder.plan.id): \(what) from \(ladder.plan.vantage) to \(ladder.plan.place) with a rising time to live."
    }
    func ladderHeads() -> [String] { ["Time to live", "What came", "From", "After"] }
    func ladderAnswer(_ answer: LadderRecord.Step.Answer) -> String {
        switch answer {
        case .silence: "nothing"
        case .expired: "time exceeded"
        case .unreachable: "unreachable"
        case .reached: "the destination answered"
        case .reset: "a reset (RST)"
        case .closed: "a close (FIN)"
        }
    }
    let providerRecords = "The provider's records"
    func providerHeads() -> [String] { ["Source", "Destination", "Action", "Policy", "Since", "Until"] }
    func completeness(_ isComplete: Bool, _ asOf: String?) -> String {
        let time = asOf.map { "as of \($0)" } ?? "of an unknown time"
        return isComplete ? "\(time), complete." : "\(time), not complete: what is not in them may be so all the same."
    }
    let uplinkCaption = "What the site's line carried. The dashed line is what it can carry."
    let uplinkTextCaption = "What the site's line carried."
    let notes = "Notes"
    func capturesLie(_ names: [String]) -> String { "Packet captures beside this report: \(list(names))." }

    let ruledOutIntroduction = "These are contradicted by what was seen."
    let cause = "Cause"
    let by = "Ruled out by"
    let alternatives = "What it may be instead"
    let probability = "Probability"
    let wouldNeed = "Would need"
    let untested = "Not tested"
    let indistinguishable = "Cannot be told apart from here"
    func separatedBy(_ causes: String) -> String { "\(causes). They would be told apart by: " }
    let nothingRuledOut = "No evidence contradicts any cause by itself."

    let locus = "Locus"
    let mechanism = "Mechanism"
    let selector = "Selector"
    let selectsAll = "everything on the path"
    let trigger = "Trigger"
    let rate = "Rate"
    func rate(_ rate: DiagnosisDocument.Rate) -> String { rate.sentence }
    let memory = "Memory"
    func memory(_ memory: DiagnosisDocument.Memory) -> String {
        let kind = word(memory.kind, .memory)
        guard let seconds = memory.seconds, seconds.count == 2 else {
            return memory.isPassing ? "\(kind), as is usual for it; not measured" : kind
        }
        return "\(kind), measured: between \(duration(seconds[0])) and \(duration(seconds[1]))"
    }
    let confidence = "Confidence"
    let together = "All of these together"
    let toldApartBy = "Told apart by"
    let verdict = "Verdict"
    func triggerSentence(_ trigger: String) -> String {
        switch trigger {
        case "standing": "As far as is known nothing arms it: it stands, whatever the move does."
        case "unknown": "What arms it was not observed. Whoever owns the place of the fault can tell."
        case "off-wire":
            "As far as is known it is armed by what does not pass over this path: an act in the provider's control plane, by its own account."
        default:
            "As far as is known it is armed by \(word(trigger, .trigger)). If that goes on, it may come again after it was lifted."
        }
    }
    let triggerAdvice =
        "Every attempt renews it: leave the source address and port alone until the remedy is in force. Other ports and addresses would be blocked one after another."

    let noEvents = "The incident has no event log of the mover with a failure in it: what it has cost cannot be said."
    let servers = "Servers"
    func servers(_ failed: Int, of seen: Int) -> String {
        "\(failed) of \(count(seen, "source server")) with connections in the log had failures"
    }
    let failures = "Connections"
    func failures(_ failed: Int, of all: Int) -> String { "\(failed) of \(all) failed" }
    let bytesAgain = "Bytes"
    func bytesAgain(_ bytes: String, uncounted: Int) -> String {
        let rest = uncounted == 0 ? "" : "; of \(count(uncounted, "more connection")) nobody knows"
        return "\(bytes) were sent and not acknowledged, so that they have to be sent again\(rest)"
    }
    let cutOff = "Hours"
    func cutOff(from: String, to: String?, _ seconds: Double) -> String {
        let end = to.map { "until connections worked again at \($0)" } ?? "and not over when the diagnosis ended"
        return "\(duration(seconds)): from \(from), \(end)"
    }
    let serverHours = "Server hours"
    func serverHours(_ seconds: Double) -> String {
        let tenths = Int((min(seconds, 1e12) / 360).rounded())
        return "\(tenths / 10).\(tenths % 10) h that single servers were cut off, added up"
    }

    let remedy = "Remedy"
    let owner = "To be done by"
    let remedyHelped = "It has been carried out: after it, what had failed was tried once more, and works."
    func remedyAdvice(_ remedy: String) -> String {
        switch remedy {
        case "ask-cloud-to-allowlist":
            "Until it is done, let nothing connect to the blocked port: attempts may renew the block. Name all public addresses that the site may leave by."
        case "wait-for-expiry": "Let nothing connect to the blocked port until then."
        case "collect-more-evidence":
            "What is missing, and what each piece would decide, is under “What was ruled out”."
        default: ""
        }
    }
    let undecidedRemedy =
        "What has to be done depends on which of the causes it is: the conclusion has the remedy for each. To find out which it is comes first."
    func ticketIntroduction(_ owner: String) -> String { "To \(owner). Ready to paste:" }

    func ticketText(_ facts: TicketFacts) -> String {
        // The diagnosis' own text may have them already.
        let known = facts.ticket.text
        var parts = [known.isEmpty ? ownTicket(facts) : known]
        func add(_ title: String, _ lines: [String]) {
            if !lines.isEmpty { parts.append(([title] + lines.map { "  \($0)" }).joined(separator: "\n")) }
        }
        add("Failing connections (times in UTC):", facts.tuples.filter { !known.contains($0.source) }.map(\.text))
        add(
            "At the same time these work:",
            facts.counterexamples.filter { !known.contains("-> \($0.place) ") }.map(\.text)
        )
        return parts.joined(separator: "\n\n")
    }

    func lastAt(_ time: String) -> String { ", last at \(time)" }
    func inside(_ end: String) -> String { "  (inside \(end))" }

    private func ownTicket(_ facts: TicketFacts) -> String {
        let suspect = facts.suspect ?? "the staging server"
        let cause = list(facts.verdict.causes.map { word($0, .cause) })
        let since = facts.began.map { " since \($0)" } ?? ""
        return
            "Connections to \(suspect) fail\(since). What was found: \(cause). We ask you to: \(word(facts.verdict.remedy, .remedy))."
    }

    func unreadable(_ file: String, _ lines: Int) -> String {
        file.hasSuffix(".yaml")
            ? "\(file) could not be used; the report does without the operator's names."
            : "\(count(lines, "line")) of \(file) could not be read and \(lines == 1 ? "is" : "are") not in this report."
    }
    func missing(_ file: String) -> String { "\(file) is not in the incident's folder." }
}
