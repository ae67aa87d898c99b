/// A JSON value as it was read. The agent has no Foundation to read it.
public enum JSONValue: Sendable, Equatable {
    /// `null`.
    case null
    /// `true` or `false`.
    case flag(Bool)
    /// A number that is whole and fits.
    case integer(Int64)
    /// Any other number.
    case number(Double)
    /// A string.
    case text(String)
    /// An array.
    case array([JSONValue])
    /// An object, in the order of its members; of members with the same name the last counts.
    case object([Member])

    /// A member of an object.
    public struct Member: Sendable, Equatable {
        /// Its name.
        public var name: String
        /// Its value.
        public var value: JSONValue

        /// A member `name` that is `value`.
        public init(_ name: String, _ value: JSONValue) {
            self.name = name
            self.value = value
        }
    }

    /// The member `name` of an object; nil of anything else, and where there is none.
    public subscript(_ name: String) -> JSONValue? {
        guard case .object(let members) = self else { return nil }
        return members.last { $0.name == name }?.value
    }

    /// The string that it is.
    public var text: String? { if case .text(let text) = self { text } else { nil } }
    /// The truth value that it is.
    public var flag: Bool? { if case .flag(let flag) = self { flag } else { nil } }
    /// The elements of the array that it is.
    public var array: [JSONValue]? { if case .array(let array) = self { array } else { nil } }
    /// The whole number that it is.
    public var integer: Int64? {
        switch self {
        case .integer(let value): value
        case .number(let value): Int64(exactly: value)
        default: nil
        }
    }
    /// The number that it is.
    public var number: Double? {
        switch self {
        case .integer(let value): Double(value)
        case .number(let value): value
        default: nil
        }
    }
}

extension JSONValue {
    /// The value as JSON text, on one line.
    public var json: String {
        var text = JSONText()
        write(to: &text)
        return text.text
    }

    /// Writes it as a value of `json`.
    public func write(to json: inout JSONText) {
        switch self {
        case .null: json.null()
        case .flag(let flag): json.value(flag)
        case .integer(let value): json.value(value)
        case .number(let value): json.value(value)
        case .text(let text): json.value(text)
        case .array(let values):
            json.array { json in for value in values { value.write(to: &json) } }
        case .object(let members):
            json.object { json in
                for member in members {
                    json.name(member.name)
                    member.value.write(to: &json)
                }
            }
        }
    }
}
