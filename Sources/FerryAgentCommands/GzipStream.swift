internal import CZlib

/// Unpacks gzip (RFC 1952) of any length, piece by piece.
final class GzipStream {
    /// How unpacking went on.
    enum Outcome {
        /// The next piece is needed.
        case wantsMore
        /// The last member has ended; what follows is no gzip.
        case ended
        /// What was unpacked is not wanted any further.
        case stopped
    }

    /// Packed bytes that make no sense.
    struct Malformed: Error { var cause: String }

    private var stream = z_stream()
    private var output = [UInt8](repeating: 0, count: 64 << 10)
    private var isBetweenMembers = true

    init() {
        // 32 KiB of window, and gzip's own header and checksum.
        guard ferry_inflate_begin(&stream, 15 + 16) == Z_OK else { preconditionFailure("no memory for zlib") }
    }

    deinit { inflateEnd(&stream) }

    /// Unpacks `piece`, and gives what becomes of it to `sink` as long as that returns true.
    func unpack(_ piece: ArraySlice<UInt8>, _ sink: (ArraySlice<UInt8>) throws -> Bool) throws -> Outcome {
        var rest = piece
        while true {
            if isBetweenMembers {
                guard let first = rest.first else { return .wantsMore }
                guard first == 0x1F else { return .ended }
                isBetweenMembers = false
                inflateReset(&stream)
            }
            let step = step(rest)
            // Z_BUF_ERROR: nothing could be done, for want of input.
            guard [Z_OK, Z_STREAM_END, Z_BUF_ERROR].contains(step.result) else {
                throw Malformed(cause: stream.msg.map { String(cString: $0) } ?? "error \(step.result) of zlib")
            }
            rest = rest.dropFirst(step.consumed)
            isBetweenMembers = step.result == Z_STREAM_END
            if step.produced > 0, try !sink(output[..<step.produced]) { return .stopped }
            if rest.isEmpty, step.produced < output.count, !isBetweenMembers { return .wantsMore }
        }
    }

    private func step(_ input: ArraySlice<UInt8>) -> (result: Int32, consumed: Int, produced: Int) {
        input.withUnsafeBytes { input in
            output.withUnsafeMutableBytes { output in
                stream.next_in = UnsafeMutablePointer(
                    mutating: input.baseAddress?.assumingMemoryBound(to: UInt8.self)
                )
                stream.avail_in = UInt32(input.count)
                stream.next_out = output.baseAddress?.assumingMemoryBound(to: UInt8.self)
                stream.avail_out = UInt32(output.count)
                let result = inflate(&stream, Z_NO_FLUSH)
                return (result, input.count - Int(stream.avail_in), output.count - Int(stream.avail_out))
            }
        }
    }
}
