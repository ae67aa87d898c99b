import Foundation

/// A part of an image file as a block device, for tools that take nothing else.
struct LoopDevice {
    let path: String

    /// Attaches `range` of `file`, and notes it in `list` so that a later run can detach it.
    init(file: String, range: Range<Int>, isReadOnly: Bool, notedIn list: String) throws(BenchmarkError) {
        let words =
            ["losetup", "--find", "--show", "--offset", "\(range.lowerBound)", "--sizelimit", "\(range.count)"]
            + (isReadOnly ? ["--read-only"] : []) + [file]
        path = try Tool.run(words).trimmingCharacters(in: .whitespacesAndNewlines)
        let noted = (try? String(contentsOfFile: list, encoding: .utf8)) ?? ""
        try? "\(noted)\(path) \(file)\n".write(toFile: list, atomically: true, encoding: .utf8)
    }

    func detach() { _ = try? Tool.run(["losetup", "--detach", path]) }

    /// Detaches the devices of a list that are still what the list says.
    static func detachAll(notedIn list: String) {
        for line in ((try? String(contentsOfFile: list, encoding: .utf8)) ?? "").split(separator: "\n") {
            let fields = line.split(separator: " ", maxSplits: 1).map(String.init)
            guard fields.count == 2 else { continue }
            let file = try? Tool.run(["losetup", "--list", "--noheadings", "--output", "BACK-FILE", fields[0]])
            guard file?.trimmingCharacters(in: .whitespacesAndNewlines) == fields[1] else { continue }
            _ = try? Tool.run(["losetup", "--detach", fields[0]])
        }
    }
}
