import FerryCore
import Testing

@testable import FerryStaging

@Suite("Verifying a volume")
struct VolumeVerificationTests {
    private let fixture: VolumeFixture

    init() throws {
        fixture = try VolumeFixture()
        try fixture.makeGeneration()
    }

    @Test func agreesWithTheGenerationThatIsThere() throws {
        let result = try fixture.catalog.verify("web01/sda")
        #expect(result.agreesWithGeneration && !result.changedMeanwhile && result.wrongRegions.isEmpty)
    }

    @Test func findsWhatIsDamaged() throws {
        try fixture.write(66, to: 2, isIndexed: false)
        let result = try fixture.catalog.verify("web01/sda")
        #expect(result.wrongRegions == [2] && !result.changedMeanwhile)
    }

    @Test func doesNotAgreeWhenAPassChangesTheVolumeMeanwhile() throws {
        var isChanged = false
        let result = try fixture.catalog.verify("web01/sda") { _, _ in
            guard !isChanged else { return }
            isChanged = true
            try? fixture.write(66, to: 2)
        }
        #expect(isChanged && result.changedMeanwhile && !result.agreesWithGeneration)
    }

    @Test func doesNotAgreeWhenAWholePassIsVerifiedMeanwhile() throws {
        let result = try fixture.catalog.verify("web01/sda") { _, _ in
            try? fixture.write(67, to: 1)
            try? fixture.makeGeneration()
        }
        #expect(result.changedMeanwhile && !result.agreesWithGeneration && result.generation == 1)
    }
}
