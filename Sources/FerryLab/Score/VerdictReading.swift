public import FerryCore
internal import Foundation

extension ErrorCode {
    /// A diagnosis has given an answer that cannot be read.
    public static let labVerdict = ErrorCode("lab.verdict", .failure)
}

extension Verdict {
    /// Reads `ferry.diagnosis/1`. Keys that are not scored are passed over, also those that nobody knows; what is scored has to
    /// be there, in the words of the contract.
    /// - Parameter source: who has answered, for errors.
    /// - Throws: `FerryError` with `ErrorCode.labVerdict` that tells of every problem with its place.
    public init(parsing text: String, from source: String) throws(FerryError) {
        let document: DiagnosisDocument
        do {
            document = try JSONDecoder().decode(DiagnosisDocument.self, from: Data(text.utf8))
        } catch let error as DecodingError {
            throw Verdict.unreadable(source, [Verdict.place(error)])
        } catch {
            throw Verdict.unreadable(source, [error.localizedDescription])
        }
        let problems = document.problems
        guard problems.isEmpty, let level = Level(rawValue: document.verdict.level) else {
            throw Verdict.unreadable(source, problems)
        }
        let verdict = document.verdict
        self.init(
            level: level,
            causes: verdict.causes,
            loci: verdict.loci,
            mechanism: verdict.mechanism,
            selector: verdict.selector,
            trigger: verdict.trigger,
            memory: Memory(kind: verdict.memory.kind, seconds: verdict.memory.bracket),
            remedy: verdict.remedy,
            confidence: verdict.confidence,
            alternatives: (document.alternatives ?? []).map {
                Alternative(causes: $0.causes, remedy: $0.remedy, probability: $0.probability)
            },
            indistinguishable: (document.indistinguishable ?? []).map {
                Class(causes: $0.causes, separatedBy: $0.separatedBy ?? "")
            },
            tier: document.tier,
            cost: Cost(
                suspectConnects: document.cost.suspectConnects,
                seconds: document.cost.seconds,
                bytes: document.cost.bytes
            )
        )
    }

    private static func place(_ error: DecodingError) -> String {
        switch error {
        case .keyNotFound(let key, let context):
            "\(path(context.codingPath + [key])) is missing"
        case .typeMismatch(_, let context), .valueNotFound(_, let context):
            "\(path(context.codingPath)): \(context.debugDescription)"
        case .dataCorrupted(let context):
            context.codingPath.isEmpty ? "it is no JSON" : "\(path(context.codingPath)): \(context.debugDescription)"
        @unknown default: "\(error)"
        }
    }

    private static func path(_ keys: [any CodingKey]) -> String {
        keys.map { $0.intValue.map { "[\($0)]" } ?? $0.stringValue }.joined(separator: ".")
    }

    private static func unreadable(_ source: String, _ problems: [String]) -> FerryError {
        FerryError(
            .labVerdict,
            operation: "use",
            subject: "the answer of \(source)",
            cause: problems.joined(separator: "\n"),
            advice: "It has to be one JSON object ferry.diagnosis/1; docs/manual/lab.md says what of it is scored."
        )
    }
}
