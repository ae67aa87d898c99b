import FerryEvidence
import Testing

@testable import FerryDiagnosis

/// What holds of every likelihood, whatever its number.
@Suite struct LikelihoodTests {
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
