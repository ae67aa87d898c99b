public import FerryCore

extension ErrorCode {
    /// A file is not a proof, was cut off, or does not follow the specification.
    public static let proofMalformed = ErrorCode("proof.malformed", .input)
    /// A proof was written to a later version of the specification.
    public static let proofVersion = ErrorCode("proof.version", .input)
    /// A proof cannot be opened or read.
    public static let proofUnreadable = ErrorCode("proof.unreadable", .input)
    /// A part of a proof is not the part that was signed.
    public static let proofChanged = ErrorCode("proof.changed", .input)
    /// An image cannot be opened.
    public static let proofImage = ErrorCode("proof.image", .input)
    /// An image could not be read to its end.
    public static let proofImageFailed = ErrorCode("proof.image-failed", .failure)
    /// An image was written to while it was compared.
    public static let proofImageBusy = ErrorCode("proof.image-busy", .failure)
    /// There is something already where a proof was to be written.
    public static let proofExists = ErrorCode("proof.exists", .input)
    /// A proof could not be written.
    public static let proofWriteFailed = ErrorCode("proof.write-failed", .failure)
}

/// A proof that was read and does not hold: its signature, its authority or its manifest is not what it must be.
public struct ProofRefused: Error, Sendable {
    /// Why.
    public let reason: FerryError

    init(_ reason: FerryError) { self.reason = reason }

    init(_ subject: String, _ cause: String) {
        reason = FerryError(
            .proofChanged,
            operation: "confirm",
            subject: subject,
            cause: cause,
            advice: "The proof was changed after it was signed; get it again from its source."
        )
    }
}

enum ProofError {
    static func malformed(_ path: String, _ cause: String) -> FerryError {
        FerryError(
            .proofMalformed,
            operation: "read the proof",
            subject: path,
            cause: cause,
            advice: "Name a file that `ferry staging prove` wrote, or get it again from its source."
        )
    }

    static func cutOff(_ path: String) -> FerryError {
        malformed(path, "it ends before its end: it was cut off")
    }
}
