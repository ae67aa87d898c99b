internal import FerryCore

extension LabFileReader {
    func duration(_ key: String) -> Duration? { parsed(key, "a time, as 15ms", LabQuantities.duration) }

    func rate(_ key: String) -> BitRate? { parsed(key, "a rate, as 20Mbit/s", LabQuantities.rate) }

    func bytes(_ key: String) -> Int? { parsed(key, "a size, as 64KiB", LabQuantities.size)?.int }

    func whole(_ key: String, _ range: ClosedRange<Int>) -> Int? {
        parsed(key, "a whole number from \(range.lowerBound) to \(range.upperBound)") { text in
            Int(text).flatMap { range.contains($0) ? $0 : nil }
        }
    }

    func flag(_ key: String) -> Bool? {
        parsed(key, "yes or no") { ["yes": true, "true": true, "no": false, "false": false][$0] }
    }

    /// One of the words of `Word`.
    func word<Word: RawRepresentable & CaseIterable>(_ key: String, _ type: Word.Type) -> Word?
    where Word.RawValue == String {
        parsed(key, "one of \(Word.allCases.map(\.rawValue).joined(separator: ", "))") { Word(rawValue: $0) }
    }
}
