import FerryCore
import Foundation
import Testing

@testable import FerryLab

@Suite struct LabParametersTests {
    private static let text = """
        parameters:
          oneWay: { default: 15ms, from: 1ms, to: 75ms, grid: [1ms, 75ms] }
          congestion: { default: bbr, of: [bbr, cubic], grid: [bbr, cubic] }
          ports: { default: 4, from: 3, to: 12 }
          fixed: 7
        other: $oneWay
        """

    private func parameters(_ seed: UInt64, _ set: [String: String] = [:]) throws -> LabParameters {
        var choice = LabParameters.Choice()
        choice.seed = seed
        choice.set = set
        return try LabParameters(of: [(Self.text, "t.yaml")], subject: "B1", choice)
    }

    @Test func withoutASeedEverythingIsAsItIsByDefault() throws {
        #expect(try parameters(0).values == ["oneWay": "15ms", "congestion": "bbr", "ports": "4", "fixed": "7"])
    }

    @Test func sameSeedDrawsTheSameAndEverySeedWithinTheRange() throws {
        var seen: Set<String> = []
        for seed in 1...200 {
            let values = try parameters(UInt64(seed)).values
            #expect(values == (try parameters(UInt64(seed)).values))
            let oneWay = try #require(values["oneWay"].flatMap { Double($0.dropLast(2)) })
            #expect((1...75).contains(oneWay))
            #expect(["bbr", "cubic"].contains(values["congestion"]))
            // Drawn from whole numbers, it is one.
            let ports = try #require(values["ports"].flatMap { Int($0) })
            #expect((3...12).contains(ports))
            seen.insert(values["oneWay"] ?? "")
        }
        #expect(seen.count > 40)
    }

    @Test func matrixIsEveryCombinationOfWhatTakesPart() throws {
        let matrix = try parameters(0).matrix
        #expect(matrix.count == 4 && Set(matrix.map(\.description)).count == 4)
        #expect(matrix.allSatisfy { Set($0.keys) == ["oneWay", "congestion"] })
    }

    @Test func whatIsSetWinsAndWhatIsUnknownIsRefused() throws {
        #expect(try parameters(5, ["oneWay": "2ms"]).values["oneWay"] == "2ms")
        #expect(throws: (any Error).self) { try parameters(0, ["twoWay": "2ms"]) }
    }

    @Test func namesAreFilledInOutsideOfComments() throws {
        let parameters = try parameters(0)
        #expect(
            try parameters.filled("a $oneWay b$$c $fixed.1\n  # of $nothing", path: "t")
                == "a 15ms b$c 7.1\n  # of $nothing"
        )
        do {
            _ = try parameters.filled("a\nb $nothing", path: "t.yaml")
            Issue.record("it was taken")
        } catch { #expect(error.cause.contains("t.yaml:2: there is no parameter \"nothing\"")) }
    }

    @Test func parameterThatIsNoneIsToldWithItsLine() {
        for wrong in [
            "x: { default: 1, from: 5ms, to: 3ms }", "x: { default: 1, from: 5ms, to: 9s }", "x: { from: 1 }",
        ] {
            do {
                _ = try LabParameters(of: [("parameters:\n  \(wrong)", "t.yaml")], subject: "", .init())
                Issue.record("\(wrong) was taken")
            } catch { #expect(error.cause.contains("t.yaml:2"), "\(error.cause)") }
        }
    }
}
