internal import FerryCore
internal import Foundation

extension ScoreResult {
    /// It as one line of JSON.
    public var json: String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        // Everything in it is a text, a flag or a finite number.
        return (try? encoder.encode(self)).map { String(decoding: $0, as: UTF8.self) } ?? "{}"
    }

    /// Reads what `json` wrote; nil for anything else.
    public init?(json: String) {
        guard let result = try? JSONDecoder().decode(ScoreResult.self, from: Data(json.utf8)) else { return nil }
        self = result
    }
}

extension ScoreCard {
    /// The total as one line of JSON: every figure by its key, and the gates that hold or do not.
    public var totalJSON: String {
        JSONText.object { json in
            json.member(
                "total",
                object: { total in
                    total.member("results", results.count)
                    total.member("skipped", results.count { $0.status == .skipped })
                    for figure in figures {
                        total.member(
                            figure.key,
                            object: { below in
                                below.member("value", figure.value ?? .nan)
                                below.member("count", figure.share?.count)
                                below.member("of", figure.share?.of)
                                below.member("gate", figure.gate?.text)
                                if let holds = figure.holds { below.member("holds", holds) }
                            }
                        )
                    }
                }
            )
        }
    }
}
