/// Reads the names out of a cpio archive that comes in pieces, in the "newc" form the kernel takes for an initramfs.
/// Keeps no file's content, and never more than one name.
struct CpioScanner {
    /// What became of a piece.
    enum Progress: Equatable {
        /// All of it belonged to the archive.
        case consumed
        /// From here on it is something else: another, compressed part.
        case foreign(ArraySlice<UInt8>)
        /// The archive breaks its own rules.
        case broken(String)
    }

    private enum State: Equatable {
        /// Between two archives, or before the first: zeros may follow.
        case between
        case header
        case name(length: Int, content: Int)
        case content(left: Int)
    }

    /// A header without its name: the mark and thirteen numbers of eight digits.
    private static let headerLength = 110
    /// The kernel takes no longer name either.
    private static let longestName = 4096

    private var state = State.between
    private var pending: [UInt8] = []

    /// Whether the last piece ended where an archive may end.
    var isComplete: Bool { state == .between && pending.isEmpty }

    /// Reads a piece and calls `seen` with the name of every file in it.
    mutating func read(_ piece: ArraySlice<UInt8>, _ seen: (String) -> Void) -> Progress {
        var rest = piece
        while !rest.isEmpty {
            switch state {
            case .between:
                if pending.isEmpty { rest = rest.drop { $0 == 0 } }
                take(6, from: &rest)
                guard pending.count == 6 else { continue }
                guard pending.starts(with: Array("070701".utf8)) || pending.starts(with: Array("070702".utf8)) else {
                    defer { pending = [] }
                    return .foreign((pending + rest)[...])
                }
                state = .header
            case .header:
                take(CpioScanner.headerLength, from: &rest)
                guard pending.count == CpioScanner.headerLength else { continue }
                guard pending.starts(with: Array("07070".utf8)), let content = number(6), let length = number(11),
                    length > 0, length <= CpioScanner.longestName
                else { return .broken("a file's header in it makes no sense") }
                state = .name(length: length, content: content)
                pending = []
            case .name(let length, let content):
                let padded = CpioScanner.padded(CpioScanner.headerLength + length) - CpioScanner.headerLength
                take(padded, from: &rest)
                guard pending.count == padded else { continue }
                let name = String(decoding: pending.prefix(length - 1), as: UTF8.self)
                pending = []
                seen(name)
                state = name == "TRAILER!!!" ? .between : .content(left: CpioScanner.padded(content))
                if state == .content(left: 0) { state = .header }
            case .content(let left):
                let count = min(left, rest.count)
                rest = rest.dropFirst(count)
                state = left == count ? .header : .content(left: left - count)
            }
        }
        return .consumed
    }

    /// The end of the data: what was kept back because it could still have become a header, if it is something else.
    mutating func finish() -> Progress {
        guard state == .between else { return .broken("it ends in the middle of a file") }
        return pending.isEmpty ? .consumed : .foreign(pending[...])
    }

    private mutating func take(_ count: Int, from rest: inout ArraySlice<UInt8>) {
        let part = rest.prefix(max(0, count - pending.count))
        pending += part
        rest = rest.dropFirst(part.count)
    }

    /// The number with the index `index` after the mark, in hexadecimal digits.
    private func number(_ index: Int) -> Int? {
        let digits = pending[(6 + 8 * index)..<(14 + 8 * index)]
        return UInt32(String(decoding: digits, as: UTF8.self), radix: 16).map { Int($0) }
    }

    private static func padded(_ length: Int) -> Int { (length + 3) / 4 * 4 }
}
