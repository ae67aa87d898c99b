/// Takes the members that are wanted out of a JSON object that comes byte by byte, and keeps nothing of the others: a line of
/// records may be many times as large as what one of it is needed for.
///
/// It does not judge the text. What is no JSON gives members that are no JSON either.
struct MemberExtraction {
    /// The values of members that have ended, as they are written.
    private(set) var members: [String: [UInt8]] = [:]

    private let wanted: Set<String>
    /// Bytes of a value; of a longer one nothing is kept.
    private let most: Int
    private var depth = 0
    private var isInString = false
    private var isEscaped = false
    /// What is being read: a member's name, or the value of the member `current`.
    private var text: [UInt8] = []
    private var isKept = true
    private var current: String?

    private static let quote = UInt8(ascii: "\"")
    private static let backslash = UInt8(ascii: "\\")

    init(of wanted: Set<String>, most: Int) {
        self.wanted = wanted
        self.most = most
    }

    mutating func take(_ byte: UInt8) {
        if isInString {
            keep(byte)
            if isEscaped {
                isEscaped = false
            } else if byte == MemberExtraction.backslash {
                isEscaped = true
            } else if byte == MemberExtraction.quote {
                isInString = false
            }
            return
        }
        switch byte {
        case MemberExtraction.quote:
            isInString = true
            keep(byte)
        case UInt8(ascii: "{"), UInt8(ascii: "["):
            if depth == 0 { endMember() } else { keep(byte) }
            depth += 1
        case UInt8(ascii: "}"), UInt8(ascii: "]"):
            depth = max(0, depth - 1)
            if depth == 0 { endMember() } else { keep(byte) }
        case UInt8(ascii: ":") where depth == 1: endName()
        case UInt8(ascii: ",") where depth == 1: endMember()
        default: keep(byte)
        }
    }

    private mutating func keep(_ byte: UInt8) {
        guard isKept else { return }
        if text.count < most {
            text.append(byte)
        } else {
            isKept = false
            text = []
        }
    }

    private mutating func endName() {
        let name = String(decoding: text.filter { $0 > 0x20 && $0 != MemberExtraction.quote }, as: UTF8.self)
        current = wanted.contains(name) ? name : nil
        isKept = isKept && current != nil
        text = []
    }

    private mutating func endMember() {
        if let current, isKept { members[current] = text }
        current = nil
        isKept = true
        text = []
    }
}
