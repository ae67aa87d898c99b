/// What a plain connection moves.
public enum PlainContent: Sendable, Hashable {
    /// What clients of the service say, again and again: whoever looks for its words finds them.
    case own
    /// The same with every bit turned over, in which nobody finds anything.
    case inverted

    /// The words of an rsync client, which the services of a lab are told.
    static let words = "@RSYNCD: 31.0\n"

    /// `count` bytes of it.
    func bytes(_ count: Int) -> [UInt8] {
        let words = Array(PlainContent.words.utf8).map { self == .own ? $0 : ~$0 }
        return (0..<count).map { words[$0 % words.count] }
    }
}
