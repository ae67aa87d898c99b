import Foundation

/// Numbers with their units.
enum Text {
    static func tenths(_ number: Double) -> String { String(format: "%.1f", number) }
    static func hundredths(_ number: Double) -> String { String(format: "%.2f", number) }
    static func seconds(_ number: Double) -> String { "\(tenths(number)) s" }
    static func mebibytes(_ bytes: Double) -> String { "\(inMebibytes(bytes)) MiB" }
    static func percent(_ number: Double) -> String { "\(Int(number.rounded())) %" }
    static func tenthsOfPercent(_ number: Double) -> String { "\(tenths(number)) %" }
    static func inMebibytes(_ bytes: Double) -> String { tenths(bytes / Double(1 << 20)) }
}

/// A table as Markdown writes it, its columns padded so that it can be read as it is.
struct TextTable {
    private var rows: [[String]]

    init(_ headings: [String]) { rows = [headings] }

    var isEmpty: Bool { rows.count == 1 }

    mutating func add(_ row: [String]) { rows.append(row) }

    var text: String {
        let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        func line(_ cells: [String]) -> String {
            let padded = zip(cells, widths).enumerated().map { index, cell in
                let space = String(repeating: " ", count: cell.1 - cell.0.count)
                return index == 0 ? cell.0 + space : space + cell.0
            }
            return "| \(padded.joined(separator: " | ")) |"
        }
        let rule = widths.enumerated().map { index, width in
            index == 0 ? String(repeating: "-", count: width) : String(repeating: "-", count: width - 1) + ":"
        }
        return ([line(rows[0]), line(rule)] + rows.dropFirst().map(line)).joined(separator: "\n")
    }
}
