/// What went wrong, as a stable code: printed, logged, sent to the peer, listed in docs/manual/errors.md.
///
/// Codes are `area.what` in lower case. Each target adds its own as static members of an extension.
public struct ErrorCode: Hashable, Sendable, CustomStringConvertible {
    /// Whose fault it is, which decides the exit status.
    public enum Kind: Sendable {
        /// What the user gave cannot be used: exit status 2.
        case input
        /// Ferry could not do it: exit status 1.
        case failure
    }

    /// The stable text, as `disk.not-found`.
    public let text: String
    /// Whose fault it is.
    public let kind: Kind

    /// A code with the text `text`.
    public init(_ text: String, _ kind: Kind) {
        self.text = text
        self.kind = kind
    }

    /// The name itself.
    public var description: String { text }

    /// Two codes are the same when their texts are.
    public static func == (left: ErrorCode, right: ErrorCode) -> Bool { left.text == right.text }
    /// Feeds the text to `hasher`.
    public func hash(into hasher: inout Hasher) { hasher.combine(text) }
}

extension ErrorCode {
    /// A size or a rate has no unit, or makes no sense.
    public static let badQuantity = ErrorCode("input.quantity", .input)
    /// A job, disk or agent name has characters that a name may not have.
    public static let badName = ErrorCode("input.name", .input)
}

/// Whether doing the same again can help. Decided where the error is made, by the code that knows.
public enum RetryAdvice: Sendable {
    /// The same call will fail again.
    case permanent
    /// The same call may succeed later.
    case later
    /// The connection is gone; a new one may succeed.
    case reconnect
}

/// A failure that a person may see: what was being done, to what, why it failed, and what to do.
public struct FerryError: Error, Sendable, CustomStringConvertible {
    /// The stable code.
    public var code: ErrorCode
    /// What was being done, as a phrase after "could not": `read the disk`.
    public var operation: String
    /// To what: a path, an offset, a peer's address; something an operator can look up.
    public var subject: String
    /// Why it failed, as a clause.
    public var cause: String
    /// What to do about it, as a sentence. May be empty only if nothing can be done.
    public var advice: String
    /// Whether doing the same again can help.
    public var retry: RetryAdvice

    /// A failure with all its parts.
    public init(
        _ code: ErrorCode,
        operation: String,
        subject: String,
        cause: String,
        advice: String,
        retry: RetryAdvice = .permanent
    ) {
        self.code = code
        self.operation = operation
        self.subject = subject
        self.cause = cause
        self.advice = advice
        self.retry = retry
    }

    /// One line without the advice: `could not read the disk /dev/sda: Input/output error (disk.read-failed)`.
    public var summary: String { "could not \(operation) \(subject): \(cause) (\(code))" }

    /// The summary and the advice.
    public var description: String { advice.isEmpty ? summary : "\(summary). \(advice)" }
}
