internal import ArgumentParser
internal import FerryCore
internal import FerryDiagnosis
internal import FerryLab
internal import Foundation

struct Fit: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Fit how much each finding counts, on diagnoses that were kept, and try it on others.",
        discussion: """
            FOLDERs are what `score --by ferry --seeds N --keep FOLDER` left. Diagnoses of the odd seeds are fitted to, those of \
            the even ones and of no seed only tried on. What is fitted are the four numbers of EvidenceWeights: one after the \
            other is moved to where the logarithm of the probability of the true remedy is highest on the mean, twice. No \
            packet is sent: the measurements are those that were kept.

            EXIT STATUS: 0 fitted, 1 Ferry failed, 2 the input is wrong.
            """
    )

    @Argument(help: "Folders of kept diagnoses.")
    var folders: [String]

    func validate() throws {
        guard !folders.isEmpty else { throw ValidationError("Name a folder that `ferry-lab score --keep` left.") }
    }

    func run() throws {
        var cases: [FitCase] = []
        for folder in folders { cases += try FitCase.all(in: folder) }
        let learned = cases.filter(\.isLearned)
        let others = cases.filter { !$0.isLearned }
        guard !learned.isEmpty else {
            throw FerryError(
                .labFile,
                operation: "fit to",
                subject: folders.joined(separator: ", "),
                cause: "none of the \(cases.count) diagnoses in it is of an odd seed",
                advice: "Keep some: ferry-lab score --all --by ferry --seeds 4 --keep FOLDER"
            )
        }
        print("\(learned.count) diagnoses to fit to, \(others.count) to try on")
        var search = FitSearch(learned)
        let found = search.best(from: .cautious) { weights, loss in
            LabCommand.line("  \(FitText.weights(weights)): \(FitText.number(loss))")
        }
        print("")
        print("                  log loss  remedy right  calibration error")
        for (name, weights) in [("as it is", EvidenceWeights.cautious), ("fitted", found)] {
            for (which, cases) in [("fitted to", learned), ("others", others)] where !cases.isEmpty {
                let figures = FitFigures(cases, weights)
                let label = "\(name), \(which)".padding(toLength: 22, withPad: " ", startingAt: 0)
                print(label + figures.text)
            }
        }
        print("")
        print("best weights: \(FitText.weights(found))")
        print("best slope of the odds: \(FitText.number(FitFigures(learned, found).bestSlope))")
    }
}

/// How figures of a fit are written.
enum FitText {
    static func number(_ value: Double) -> String { String(format: "%.3f", value) }

    static func weights(_ weights: EvidenceWeights) -> String {
        "temper \(number(weights.temper)), repeats \(number(weights.repeats)), related \(number(weights.related)), "
            + "history \(number(weights.history))"
    }
}
