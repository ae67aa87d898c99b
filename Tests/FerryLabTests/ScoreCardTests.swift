import Testing

@testable import FerryLab

@Suite struct ScoreCardTests {
    private static func scenario(_ name: String, _ truth: Scenario.Truth) -> Scenario {
        Scenario(name: name, title: "t", topology: "t.yaml", truth: truth, signs: [])
    }

    private static func result(
        _ name: String,
        _ truth: Scenario.Truth,
        _ verdict: Verdict,
        tier: Int = 3,
        connects: Int = 5,
        seconds: Double = 10,
        harm: Double? = 0
    ) -> ScoreResult {
        var result = ScoreResult(scenario(name, truth), tier: tier, by: "test", seed: nil, network: nil)
        result.score(verdict, truth, seconds: seconds, connects: connects, harm: harm)
        return result
    }

    @Test func brierAndCalibrationErrorAreAsByHand() throws {
        let calibration = Calibration([
            .init(confidence: 0.95, isRight: true), .init(confidence: 0.91, isRight: false),
            .init(confidence: 0.65, isRight: true), .init(confidence: 0.1, isRight: false),
            .init(confidence: 1, isRight: true),
        ])
        // (0.0025 + 0.8281 + 0.1225 + 0.01 + 0) / 5
        let brier = try #require(calibration.brier)
        #expect(abs(brier - 0.19262) < 1e-9)
        // 0.95, 0.91 and 1 share the last bin: said 2.86, right 2, off by 0.86. 0.65 is off by 0.35, and 0.1 by 0.1.
        let error = try #require(calibration.expectedError)
        #expect(abs(error - (0.86 + 0.35 + 0.1) / 5) < 1e-9)
        #expect(Calibration([]).brier == nil && Calibration([]).expectedError == nil)
    }

    @Test func figuresAreAsByHand() {
        let wrong = Verdict.sample {
            $0.causes = ["host-ban"]
            $0.loci = ["service"]
            $0.remedy = "tune-service"
            $0.confidence = 0.9
        }
        var failed = ScoreResult(Self.scenario("D", .sample()), tier: 3, by: "test", seed: nil, network: nil)
        failed.status = .failed
        failed.reason = "it broke"
        var skipped = failed
        skipped.status = .skipped
        let card = ScoreCard([
            Self.result("A", .sample(), .sample(), connects: 4, seconds: 10, harm: 0),
            Self.result("B", .sample(), wrong, connects: 9, seconds: 30, harm: 120),
            Self.result("C", .healthy, .sample { $0.confidence = 0.6 }, tier: 0, connects: 6, seconds: 20, harm: nil),
            failed, skipped,
        ])
        // One of four that were tried: the failed one counts, and the skipped one does not.
        #expect(card.remedy == ScoreCard.Share(count: 1, of: 4))
        #expect(card.locus == ScoreCard.Share(count: 1, of: 4))
        // Broken are A, B and D.
        #expect(card.selector == ScoreCard.Share(count: 2, of: 3))
        #expect(card.falseAlarms == ScoreCard.Share(count: 1, of: 1))
        #expect(card.coverage == ScoreCard.Share(count: 1, of: 4))
        #expect(card.refusals.value == nil)
        #expect(card.medianConnects == 6 && card.medianSeconds == 20)
        #expect(card.medianHarm == 60 && card.harm95 == 120)
        #expect(card.confusion["anti-abuse-block"] == ["anti-abuse-block": 1, "host-ban": 1])
        #expect(card.confusion["none"] == ["anti-abuse-block": 1])
        // 0.8 right, 0.9 and 0.6 wrong.
        #expect(abs((card.calibration.brier ?? 0) - (0.04 + 0.81 + 0.36) / 3) < 1e-9)
        #expect(abs((card.calibration.expectedError ?? 0) - (0.2 + 0.9 + 0.6) / 3) < 1e-9)
        let figures = Dictionary(uniqueKeysWithValues: card.figures.map { ($0.key, $0) })
        #expect(figures["remedyAtTier2"]?.share == ScoreCard.Share(count: 1, of: 3))
        #expect(figures["remedyAtTier2"]?.holds == false)
        #expect(figures["remedyAtTier0"]?.share == ScoreCard.Share(count: 0, of: 1))
        #expect(figures["suspectConnects"]?.holds == true && figures["harm"]?.holds == false)
        #expect(card.text.contains("D failed: it broke") && card.text.contains("D skipped: it broke"))
    }

    @Test func mediansAndQuantilesAreAsByHand() {
        #expect(ScoreCard.median([]) == nil && ScoreCard.median([3, 1]) == 2 && ScoreCard.median([9, 1, 4]) == 4)
        // 19 of 20 are no greater than the 19th.
        #expect(ScoreCard.quantile(0.95, (1...20).map(Double.init)) == 19)
        #expect(ScoreCard.quantile(0.95, (1...21).map(Double.init)) == 20)
        #expect(ScoreCard.quantile(0.95, [7]) == 7)
    }

    @Test func resultComesBackFromJSON() {
        let result = Self.result("A", .sample(), .sample(), harm: nil)
        #expect(ScoreResult(json: result.json) == result)
        #expect(!result.json.contains("\n"))
        #expect(ScoreResult(json: "{}") == nil)
        let total = ScoreCard([result]).totalJSON
        #expect(total.contains("\"remedy\":{\"value\":1,\"count\":1,\"of\":1}"), "\(total)")
    }

    @Test func foreignTextIsNoMarkup() {
        var result = Self.result("<b>A</b>", .sample(), .sample())
        result.title = "\"a\" & <script>alert(1)</script>"
        var failed = result
        failed.status = .failed
        failed.scored = nil
        failed.reason = "<img src=x onerror='alert(1)'>"
        let html = ScoreCard([result, failed]).html(by: "<i>")
        for piece in ["<script>alert", "<img", "<b>A", "<i>"] { #expect(!html.contains(piece), "\(piece)") }
        #expect(html.contains("&lt;script&gt;alert(1)&lt;/script&gt;") && html.contains("&lt;img src=x"))
        // One file, and nothing to be fetched.
        for piece in ["http:", "https:", "src=\"", "url("] { #expect(!html.contains(piece), "\(piece)") }
    }
}
