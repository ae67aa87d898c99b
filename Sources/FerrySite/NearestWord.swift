/// Finds what somebody may have meant.
enum NearestWord {
    /// The word of `known` that `word` is at most a third of its letters away from; nil if none is.
    static func of(_ word: String, among known: [String]) -> String? {
        // Something as long as this is no slip of a finger, and the comparison takes the product of the lengths.
        guard word.utf8.count <= 40 else { return nil }
        let wanted = bare(word)
        let ranked = known.map { (word: $0, distance: distance(wanted, bare($0))) }
        guard let best = ranked.min(by: { $0.distance < $1.distance }),
            best.distance <= max(1, bare(best.word).count / 3)
        else { return nil }
        return best.word
    }

    /// `; did you mean …?`, or nothing.
    static func question(_ word: String, among known: [String]) -> String {
        of(word, among: known).map { "; did you mean \"\($0)\"?" } ?? ""
    }

    /// Without what people write differently: `source_addresses` for `sourceAddresses`.
    private static func bare(_ word: String) -> [Character] {
        word.lowercased().filter { $0 != "-" && $0 != "_" && $0 != " " }.map(\.self)
    }

    /// How many letters have to be put in, taken out or changed (Levenshtein's distance).
    private static func distance(_ left: [Character], _ right: [Character]) -> Int {
        var row = Array(0...right.count)
        for (index, letter) in left.enumerated() {
            var diagonal = row[0]
            row[0] = index + 1
            for column in right.indices {
                let kept = diagonal + (right[column] == letter ? 0 : 1)
                diagonal = row[column + 1]
                row[column + 1] = min(kept, row[column] + 1, row[column + 1] + 1)
            }
        }
        return row[right.count]
    }
}
