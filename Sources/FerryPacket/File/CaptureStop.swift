/// Where reading a capture file stopped before its end, and why. What comes before was read.
public struct CaptureStop: Equatable, Sendable {
    /// Why it stopped.
    public enum Reason: Equatable, Sendable {
        /// The file begins like no capture file.
        case notACapture
        /// The file begins like a compressed one: the name of a program that unpacks it.
        case compressed(String)
        /// The file ends inside a packet or a block, as after a capture that was killed.
        case cutShort
        /// A length is larger than any packet, or contradicts another.
        case damaged
    }

    /// Why it stopped.
    public var reason: Reason
    /// The offset in bytes of what could not be read.
    public var offset: UInt64
}

extension CaptureStop: CustomStringConvertible {
    /// A clause: `it ends inside a packet, at byte 4711`.
    public var description: String {
        switch reason {
        case .notACapture: "it begins like no capture file"
        case .compressed(let program): "it is compressed, as by \(program)"
        case .cutShort: "it ends inside a packet, at byte \(offset)"
        case .damaged: "what is at byte \(offset) cannot be the length of a packet"
        }
    }
}
