import FerryEvidence
import Testing

@testable import FerryDiagnosis

/// What holds of every likelihood, whatever its number.
@Suite struct LikelihoodTests {
    private static let silent = Contact(from: .sourceHost, vantage: 0, by: .failing, to: .suspectHost, port: .suspect)

    private static let inRegion = Contact(
        from: .cloudNetwork,
        vantage: 4,
        by: .outside(4),
        to: .suspectHost,
        port: .suspect
    )

    private static func belief(_ findings: [Finding]) -> Belief {
        var belief = Belief(.cautious)
        for finding in findings { belief.take(finding, in: Scene()) }
        return belief
    }

    /// Of the first findings, which stand together, `fault` is likelier than `other`.
    @Test(arguments: [
        // A firewall of the staging server itself: its request is seen there, something listens, and nothing answers.
        (
            [
                Finding.outcome(silent, .synTimeout), .requestSeen(silent, .synTimeout, at: .service, true),
                .answerSeen(silent, .synTimeout, at: .service, false), .listens(true), .queueOverflows(false),
            ],
            Cause.securityGroup, Cause.acceptQueueOverflow
        ),
        // Port unreachable by ICMP is what no closed port says.
        (
            [.outcome(silent, .refusedFull), .rejecter(silent, .refusedFull, .host), .listens(true)],
            .securityGroup, .serviceNotListening
        ),
        // A service that hangs: its request has come.
        (
            [
                .outcome(silent, .connectSilence), .requestSeen(silent, .connectSilence, at: .service, true),
                .outcome(silent, .connectSilence), .listens(true),
            ],
            .serviceRefuses, .forgedClose
        ),
        // Nobody behind the balancer: what it closes has not come.
        (
            [
                .outcome(silent, .connectClosed), .requestSeen(silent, .connectClosed, at: .service, false),
                .outcome(silent, .connectClosed), .requestSeen(silent, .connectClosed, at: .service, false),
            ],
            .loadBalancer, .forgedClose
        ),
        // The same, where something listens behind it, and proxies speak with fewer options.
        (
            [
                .outcome(silent, .connectClosed), .requestSeen(silent, .connectClosed, at: .service, false),
                .lacksWindowScale(silent, true), .listens(true), .queueOverflows(false),
            ],
            .loadBalancer, .synProxyDeadBackend
        ),
        // A backend is not dead that answers those who ask it past the proxy.
        (
            [.outcome(silent, .connectClosed), .outcome(inRegion, .ok)],
            .forgedClose, .synProxyDeadBackend
        ),
        // What speaks another protocol is none of the service's refusals.
        (
            [.outcome(silent, .applicationError), .speaksAnother(silent)],
            .unmodelled, .serviceRefuses
        ),
    ])
    func whatIsSeenTogetherSpeaksForOneMoreThanForTheOther(findings: [Finding], fault: Cause, other: Cause) {
        let shares = Self.belief(findings).shares(\.cause)
        func share(_ cause: Cause) -> Double { shares.first { $0.key == cause }?.share ?? 0 }
        #expect(share(fault) > share(other), "\(share(fault)) \(share(other))")
    }

    private static let hypotheses = FaultTable.hypotheses().map(\.0).filter { $0.cause != .unmodelled }

    private func sum(_ findings: [Finding], _ hypothesis: Hypothesis) -> Double {
        findings.reduce(0) { $0 + FindingModel.likelihood($1, hypothesis, Scene()) }
    }

    @Test func whatExcludesEachOtherIsTogetherCertain() {
        let contact = Contact(from: .sourceHost, vantage: 0, by: .failing, to: .suspectHost, port: .suspect)
        let kinds: [[Finding]] = [
            [.onset(.burst), .onset(.volume), .onset(.quiet)],
            [.name(.leadsElsewhere), .name(.leadsTheSameWay), .name(.leadsNowhere)],
            [
                .requestSeen(contact, .synTimeout, at: .service, true),
                .requestSeen(contact, .synTimeout, at: .service, false),
            ],
            [.nothingHasFailed(true), .nothingHasFailed(false)],
            ProbeOutcome.allCases.map { .outcome(contact, $0) },
        ]
        for hypothesis in Self.hypotheses {
            for findings in kinds {
                let sum = sum(findings, hypothesis)
                #expect(abs(sum - 1) < 0.02, "\(hypothesis) gives \(findings) \(sum)")
            }
        }
    }

    @Test func nothingIsImpossibleOrCertain() {
        var transfer = Contact(from: .sourceHost, vantage: 0, by: .failing, to: .suspectHost, port: .suspect)
        (transfer.content, transfer.bytes) = (.random, 1 << 20)
        for hypothesis in Self.hypotheses {
            for loss in [Finding.Loss.none, .light, .heavy, .severe] {
                let likelihood = FindingModel.likelihood(.loss(transfer, loss), hypothesis, Scene())
                #expect(likelihood > 0 && likelihood <= 1.0001, "\(hypothesis) gives a \(loss) loss \(likelihood)")
            }
        }
    }
}
