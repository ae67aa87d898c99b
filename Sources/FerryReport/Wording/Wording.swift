internal import FerryCore
internal import FerryEvidence
internal import FerryPacket

/// A word of a vocabulary of `ferry.diagnosis/1`.
enum Vocabulary: CaseIterable {
    case cause, mechanism, selector, trigger, memory, remedy, owner, outcome, factor
}

/// Everything that a report says, in one language. A sentence that is missing in one of them does not compile.
protocol Wording: Sendable {
    /// The language's tag.
    var tag: String { get }

    // Words.
    /// What a vocabulary's word is in this language; the word itself if it is not known.
    func word(_ word: String, _ vocabulary: Vocabulary) -> String
    func place(_ position: Site.Position) -> String
    func level(_ level: DiagnosisDocument.Level) -> String
    func time(_ time: UTCTime, isExact: Bool) -> String
    func duration(_ seconds: Double) -> String
    func list(_ items: [String]) -> String
    /// How many more there are.
    func more(_ count: Int) -> String
    var colon: String { get }
    /// Between phrases.
    var semicolon: String { get }
    var worked: String { get }
    var failed: String { get }
    var probes: String { get }
    var unknown: String { get }
    var faultHere: String { get }
    var faultPerhapsHere: String { get }
    var diagnosisRan: String { get }
    func otherServers(_ count: Int) -> String
    func mostRate(_ rate: String) -> String
    func relation(_ relation: Site.Relation) -> String
    /// A name with what it is.
    func called(_ end: String, _ what: String) -> String
    var control: String { get }
    var suspect: String { get }
    var alternatePort: String { get }

    // The head.
    func title(_ suspect: String?, isFault: Bool) -> String
    var contents: String { get }
    func footer(_ schema: String) -> String
    var interrupted: String { get }
    var interruptedAdvice: String { get }
    var diagnosed: String { get }
    func fromTo(_ from: String, _ to: String) -> String
    var tier: String { get }
    func tier(_ tier: Int) -> String
    var cost: String { get }
    func cost(_ cost: DiagnosisDocument.Cost) -> String
    func answer(causes: [String], places: [String], _ verdict: DiagnosisDocument.Verdict) -> String

    // Titles of sections.
    var symptomTitle: String { get }
    var scopeTitle: String { get }
    var timelineTitle: String { get }
    var topologyTitle: String { get }
    var evidenceTitle: String { get }
    var ruledOutTitle: String { get }
    var conclusionTitle: String { get }
    var triggerTitle: String { get }
    var impactTitle: String { get }
    var remedyTitle: String { get }
    var ticketTitle: String { get }
    var filesTitle: String { get }

    // Symptom.
    func symptom(failures: Int, of total: Int, suspect: String, first: String, last: String) -> String
    func symptomOutcomes(_ outcomes: [(outcome: String, count: Int)]) -> String
    func symptomOfProbes(_ suspect: String, worked: Int, of total: Int) -> String
    var noSymptom: String { get }
    func banner(_ suspect: String) -> String

    // Scope.
    var scopeIntroduction: String { get }
    var noProbes: String { get }
    var vantage: String { get }
    var position: String { get }
    var sourceAddress: String { get }
    var destination: String { get }
    var result: String { get }
    func times(_ worked: Int, of count: Int) -> String
    var workedTitle: String { get }
    var scopeFails: String { get }
    var scopeWorks: String { get }
    var scopeWorksSometimes: String { get }

    // Timeline.
    var timelineCaption: String { get }
    var when: String { get }
    var what: String { get }
    var firstSuccess: String { get }
    func firstFailure(_ server: String, _ outcome: String) -> String
    func lastFailure(_ server: String, _ outcome: String) -> String
    func recovered(_ server: String) -> String
    var diagnosisBegan: String { get }
    var diagnosisEnded: String { get }
    func probeMade(_ id: String, _ way: String, _ outcome: String) -> String
    func blockSince(_ source: String, _ destination: String) -> String
    var blockSinceShort: String { get }
    func blockUntil(_ source: String, _ destination: String) -> String
    func allowed(_ source: String) -> String
    func scrubbedSince(_ destination: String) -> String
    func blackHoleSince(_ destination: String) -> String

    // Topology.
    var topologyCaption: String { get }
    /// Under the drawing in characters.
    var topologyTextCaption: String { get }
    var pathUnknown: String { get }

    // Evidence.
    var evidenceIntroduction: String { get }
    var withoutWeight: String { get }
    func evidence(_ evidence: DiagnosisDocument.Evidence) -> Line
    var speaksFor: String { get }
    var speaksAgainst: String { get }
    var record: String { get }
    var contrasts: String { get }
    var contrastsIntroduction: String { get }
    var changed: String { get }
    var failing: String { get }
    var compared: String { get }
    var counts: String { get }
    func counts(_ held: Bool) -> String
    var isLeftOpen: String { get }
    var why: String { get }
    /// Why an experiment was made; nil if this language has no words for it.
    func reason(_ experiment: DiagnosisDocument.Experiment) -> Line?
    func free(_ english: String?) -> Line?
    var packets: String { get }
    var packetsIntroduction: String { get }
    func packetHeads() -> [String]
    func packetRole(_ role: PacketRole) -> String
    var captures: String { get }
    var capturesIntroduction: String { get }
    /// Between two sentences.
    var sentenceSpace: String { get }
    func captureCounts(packets: Int, connections: Int, concerned: Int, troubled: Int) -> String
    func captureProblem(_ problem: CaptureReading.Problem) -> String
    func captureFlow(_ began: String, packets: Int, _ duration: String) -> String
    func captureTrouble(_ trouble: FlowTrouble, _ flow: CapturedFlow) -> String
    func captureExcerpt(before: Int, after: Int) -> String
    func excerptHeads() -> [String]
    func sequenceCaption(ofClient: Bool) -> String
    func sequenceTextCaption(ofClient: Bool) -> String
    var sequenceData: String { get }
    var sequenceAgain: String { get }
    var sequenceAcknowledged: String { get }
    func ladder(_ ladder: LadderRecord) -> String
    func ladderHeads() -> [String]
    func ladderAnswer(_ answer: LadderRecord.Step.Answer) -> String
    var providerRecords: String { get }
    func providerHeads() -> [String]
    func completeness(_ isComplete: Bool, _ asOf: String?) -> String
    var uplinkCaption: String { get }
    var uplinkTextCaption: String { get }
    var notes: String { get }
    func capturesLie(_ names: [String]) -> String

    // What was ruled out.
    var ruledOutIntroduction: String { get }
    var cause: String { get }
    var by: String { get }
    var alternatives: String { get }
    var probability: String { get }
    var wouldNeed: String { get }
    var untested: String { get }
    var indistinguishable: String { get }
    func separatedBy(_ causes: String) -> String
    var nothingRuledOut: String { get }

    // Conclusion.
    var locus: String { get }
    var mechanism: String { get }
    var selector: String { get }
    var selectsAll: String { get }
    var trigger: String { get }
    var rate: String { get }
    func rate(_ rate: DiagnosisDocument.Rate) -> String
    var memory: String { get }
    func memory(_ memory: DiagnosisDocument.Memory) -> String
    var confidence: String { get }
    /// How likely it is that it is one of several.
    var together: String { get }
    var toldApartBy: String { get }
    var verdict: String { get }
    func triggerSentence(_ trigger: String) -> String
    var triggerAdvice: String { get }

    // Impact.
    var noEvents: String { get }
    var servers: String { get }
    func servers(_ failed: Int, of seen: Int) -> String
    var failures: String { get }
    func failures(_ failed: Int, of all: Int) -> String
    var bytesAgain: String { get }
    func bytesAgain(_ bytes: String, uncounted: Int) -> String
    var cutOff: String { get }
    func cutOff(from: String, to: String?, _ seconds: Double) -> String
    var serverHours: String { get }
    func serverHours(_ seconds: Double) -> String

    // Remedy and ticket.
    var remedy: String { get }
    var owner: String { get }
    func remedyAdvice(_ remedy: String) -> String
    /// Of a remedy that was tried.
    var remedyHelped: String { get }
    var undecidedRemedy: String { get }
    func ticketIntroduction(_ owner: String) -> String
    func ticketText(_ ticket: TicketFacts) -> String
    /// Behind how often something worked.
    func lastAt(_ time: String) -> String
    /// Behind a connection as it looks outside: its end within the site.
    func inside(_ end: String) -> String
    func unreadable(_ file: String, _ lines: Int) -> String
    func missing(_ file: String) -> String
}

/// What a packet was in its connection.
enum PacketRole { case request, answer, closing, afterClosing }

/// What a ticket is about.
struct TicketFacts {
    var verdict: DiagnosisDocument.Verdict
    var suspect: String?
    /// The addresses that the failing connections leave by.
    var sources: [String]
    var blocked: [String]
    /// What the answer's ticket says beside its text.
    var ticket: DiagnosisDocument.Ticket
    /// The suspect's port.
    var port: UInt16?
    var tuples: [(source: String, text: String)]
    var counterexamples: [(place: String, text: String)]
    /// What shows most, first.
    var evidence: [String]
    /// Where on the way something spoke; nil if that is not known.
    var speaker: String?
    var rate: DiagnosisDocument.Rate?
    /// The causes that cannot be told apart; none if the verdict is one.
    var undecided: [UndecidedCause]
    /// What would part them.
    var separators: [String]
    var began: String?
    var servers: Int
}
