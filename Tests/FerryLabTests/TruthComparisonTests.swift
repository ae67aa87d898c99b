import Testing

@testable import FerryLab

@Suite struct TruthComparisonTests {
    private let alike = Scenario.Truth.Alike(
        tier: 1,
        causes: ["service-refuses"],
        loci: ["service"],
        remedies: ["tune-service"],
        why: "w"
    )

    @Test func truthItselfIsRightInEverything() {
        let comparison = TruthComparison(.sample(), .sample(), tier: 3)
        #expect(comparison.remedy && comparison.locus && comparison.cause && comparison.mechanism)
        #expect(comparison.selector && comparison.trigger && comparison.memory && comparison.seconds == true)
        #expect(comparison.holdsTruth && comparison.isCovered && comparison.refusal == nil)
        #expect(!comparison.isFalseAlarm && !comparison.isMissed && !comparison.isOverconfident)
        #expect(!comparison.isNeedlessRefusal)
    }

    @Test func eachPartIsWrongByItself() {
        #expect(!TruthComparison(.sample { $0.remedy = "ask-carrier" }, .sample(), tier: 3).remedy)
        #expect(!TruthComparison(.sample { $0.loci = ["carrier"] }, .sample(), tier: 3).locus)
        #expect(!TruthComparison(.sample { $0.causes = ["host-ban"] }, .sample(), tier: 3).cause)
        #expect(!TruthComparison(.sample { $0.mechanism = "drop" }, .sample(), tier: 3).mechanism)
        // Exact: one too few is wrong, and so is one too many.
        #expect(!TruthComparison(.sample { $0.selector = ["source-address"] }, .sample(), tier: 3).selector)
        #expect(!TruthComparison(.sample { $0.selector.append("payload") }, .sample(), tier: 3).selector)
        #expect(!TruthComparison(.sample { $0.trigger = "bytes" }, .sample(), tier: 3).trigger)
        #expect(!TruthComparison(.sample { $0.memory.kind = "renewed-by-hits" }, .sample(), tier: 3).memory)
        #expect(TruthComparison(.sample { $0.memory.seconds = 5...8 }, .sample(), tier: 3).seconds == false)
        #expect(TruthComparison(.sample { $0.memory.seconds = nil }, .sample(), tier: 3).seconds == false)
        #expect(TruthComparison(.sample(), .sample { $0.memorySeconds = nil }, tier: 3).seconds == nil)
    }

    @Test func twoCausesAreRightTogetherAndInAnyOrder() {
        let truth = Scenario.Truth.sample { $0.causes = ["egress-saturation", "anti-abuse-block"] }
        let both = Verdict.sample { $0.causes = ["anti-abuse-block", "egress-saturation"] }
        #expect(TruthComparison(both, truth, tier: 3).cause)
        #expect(!TruthComparison(.sample(), truth, tier: 3).cause)
    }

    @Test func whatCannotBeToldIsRightForCauseAndLocusUpToItsTierAndNeverForTheRemedy() {
        let truth = Scenario.Truth.sample { $0.alike = [alike] }
        let other = Verdict.sample {
            $0.causes = ["service-refuses"]
            $0.loci = ["service"]
            $0.remedy = "tune-service"
        }
        let below = TruthComparison(other, truth, tier: 1)
        #expect(below.cause && below.locus && !below.remedy)
        let above = TruthComparison(other, truth, tier: 2)
        #expect(!above.cause && !above.locus && !above.remedy)
    }

    @Test func sayingThatItCannotBeToldIsRightOnlyWhereItCannot() {
        let set = Verdict.sample {
            $0.level = .indistinguishable
            $0.causes = ["service-refuses", "anti-abuse-block"]
            $0.loci = ["service", "cloud-edge"]
            $0.remedy = "collect-more-evidence"
        }
        let truth = Scenario.Truth.sample { $0.alike = [alike] }
        let cannot = TruthComparison(set, truth, tier: 1)
        #expect(cannot.remedy && cannot.cause && cannot.locus && cannot.isCovered && !cannot.isNeedlessRefusal)
        let could = TruthComparison(set, truth, tier: 2)
        #expect(!could.remedy && !could.cause && could.isCovered && could.isNeedlessRefusal)
        // Where all of the set is mended alike, nobody has to refuse.
        let mendedAlike = Scenario.Truth.sample {
            $0.alike = [alike]
            $0.alike[0].remedies = []
        }
        #expect(TruthComparison(set, mendedAlike, tier: 1).isNeedlessRefusal)
    }

    @Test func setOfEverythingHoldsNothing() {
        let truth = Scenario.Truth.sample { $0.refusal = true }
        let everything = Verdict.sample {
            $0.level = .indistinguishable
            $0.causes = Array(DiagnosisWords.causes)
            $0.confidence = 1
        }
        let comparison = TruthComparison(everything, truth, tier: 0)
        #expect(comparison.refusal == false && !comparison.remedy && !comparison.isCovered && !comparison.holdsTruth)
    }

    @Test func refusalIsRightWithASetThatHoldsTheTruthAndALuckyGuessIsNot() {
        let truth = Scenario.Truth.sample { $0.refusal = true }
        let without = Verdict.sample {
            $0.level = .indistinguishable
            $0.causes = ["host-ban", "service-refuses"]
        }
        let with = Verdict.sample {
            $0.level = .indistinguishable
            $0.causes = ["host-ban", "service-refuses"]
            $0.indistinguishable = [.init(causes: ["host-ban", "anti-abuse-block"], separatedBy: "s")]
        }
        #expect(TruthComparison(with, truth, tier: 0).refusal == true)
        #expect(TruthComparison(with, truth, tier: 0).remedy)
        #expect(TruthComparison(without, truth, tier: 0).refusal == false)
        #expect(!TruthComparison(without, truth, tier: 0).isCovered)
        let guess = TruthComparison(.sample(), truth, tier: 0)
        #expect(guess.refusal == false && !guess.remedy && guess.isCovered)
    }

    @Test func healthyNetworkIsAlarmedOnlyByAClaim() {
        let healthy = Verdict.sample {
            $0.causes = ["none"]
            $0.loci = []
            $0.remedy = "none"
        }
        #expect(TruthComparison(healthy, .healthy, tier: 3).remedy)
        #expect(TruthComparison(healthy, .healthy, tier: 3).locus)
        #expect(!TruthComparison(healthy, .healthy, tier: 3).isFalseAlarm)
        #expect(TruthComparison(.sample(), .healthy, tier: 3).isFalseAlarm)
        let nothing = Verdict.sample {
            $0.level = .noVerdict
            $0.causes = []
        }
        #expect(!TruthComparison(nothing, .healthy, tier: 3).isFalseAlarm)
        #expect(TruthComparison(nothing, .healthy, tier: 3).isNeedlessRefusal)
        #expect(TruthComparison(healthy, .sample(), tier: 3).isMissed)
        #expect(TruthComparison(.sample { $0.level = .veryLikely }, .healthy, tier: 3).isOverconfident)
    }

    @Test func alternativesCountUntilNineTenths() {
        let wrong = Verdict.sample {
            $0.causes = ["host-ban"]
            $0.remedy = "tune-service"
            $0.confidence = 0.6
            // Told out of order: 0.6 + 0.3 are nine tenths, and the third is not asked.
            $0.alternatives = [
                .init(causes: ["anti-abuse-block"], remedy: "ask-cloud-to-allowlist", probability: 0.1),
                .init(causes: ["service-refuses"], remedy: "tune-service", probability: 0.3),
            ]
        }
        #expect(!TruthComparison(wrong, .sample(), tier: 3).isCovered)
        var unsure = wrong
        unsure.alternatives[1].probability = 0.2
        #expect(TruthComparison(unsure, .sample(), tier: 3).isCovered)
    }
}
