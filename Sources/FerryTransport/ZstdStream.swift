internal import CZstd

/// Unpacks zstd frames (RFC 8878) of any length, piece by piece.
public final class ZstdStream {
    /// How unpacking went on.
    public enum Outcome: Sendable {
        /// The next piece is needed.
        case wantsMore
        /// The last frame has ended; what follows is no zstd.
        case ended
        /// What was unpacked is not wanted any further.
        case stopped
    }

    /// Packed bytes that make no sense.
    public struct Malformed: Error {
        /// What zstd says of them.
        public var cause: String
    }

    private let context: OpaquePointer
    private var output = [UInt8](repeating: 0, count: 64 << 10)
    private var isBetweenFrames = true

    /// The largest window that a frame may ask for, as a power of two: 32 MiB is what an agent can spare.
    private static let largestWindow: Int32 = 25

    /// A stream at its beginning.
    public init() {
        guard let context = ZSTD_createDCtx() else { preconditionFailure("no memory for a zstd context") }
        self.context = context
        ZSTD_DCtx_setParameter(context, ZSTD_d_windowLogMax, ZstdStream.largestWindow)
    }

    deinit { ZSTD_freeDCtx(context) }

    /// Unpacks `piece`, and gives what becomes of it to `sink` as long as that returns true.
    /// - Throws: `Malformed`, and what `sink` throws.
    public func unpack(_ piece: ArraySlice<UInt8>, _ sink: (ArraySlice<UInt8>) throws -> Bool) throws -> Outcome {
        var rest = piece
        while true {
            if isBetweenFrames {
                guard let first = rest.first else { return .wantsMore }
                // A frame, or one to be skipped (0x184D2A50 ... 5F), each beginning with its lowest byte.
                guard first == 0x28 || first & 0xF0 == 0x50 else { return .ended }
            }
            let step = step(rest)
            guard ZSTD_isError(step.result) == 0 else {
                throw Malformed(cause: String(cString: ZSTD_getErrorName(step.result)))
            }
            rest = rest.dropFirst(step.consumed)
            isBetweenFrames = step.result == 0
            if step.produced > 0, try !sink(output[..<step.produced]) { return .stopped }
            if rest.isEmpty, step.produced < output.count, !isBetweenFrames { return .wantsMore }
        }
    }

    private func step(_ input: ArraySlice<UInt8>) -> (result: Int, consumed: Int, produced: Int) {
        input.withUnsafeBytes { input in
            output.withUnsafeMutableBytes { output in
                var from = ZSTD_inBuffer(src: input.baseAddress, size: input.count, pos: 0)
                var to = ZSTD_outBuffer(dst: output.baseAddress, size: output.count, pos: 0)
                let result = ZSTD_decompressStream(context, &to, &from)
                return (result, from.pos, to.pos)
            }
        }
    }
}
