internal import CFerryLab
public import FerryCore
internal import Foundation

/// Writes the packets of the network namespace that it runs in, in the format of pcap with nanoseconds, each as it comes.
public struct PacketRecorder {
    private let descriptor: Int32
    private let output: Int32
    /// The longest IP packet.
    private static let room = 65_536

    /// Captures at `device`, or at all of the namespace's if it is nil, and writes to the descriptor `output`.
    /// - Throws: `FerryError` with `ErrorCode.labDevice`.
    public init(device: String?, output: Int32) throws(FerryError) {
        let opened = device.map { $0.withCString { ferry_capture_open($0) } } ?? ferry_capture_open(nil)
        guard opened >= 0 else {
            throw FerryError(
                errno == ENODEV || errno == ENXIO || device != nil ? .labUnknown : .labDevice,
                operation: "capture",
                subject: "at \(device ?? "all devices")",
                cause: String(cString: strerror(errno)),
                advice: "`ferry-lab exec NODE -- ip link` lists the devices of a node."
            )
        }
        descriptor = opened
        self.output = output
    }

    /// The header of a file, and so a file without packets.
    public static let emptyFile: [UInt32] = [0xA1B2_3C4D, 0x0004_0002, 0, 0, UInt32(room), 276]

    /// Runs until `goesOn`, which is asked five times a second, says no, or nobody reads any more.
    public func run(_ goesOn: () -> Bool) {
        defer { close(descriptor) }
        var header = PacketRecorder.emptyFile
        guard header.withUnsafeMutableBytes({ write($0, count: $0.count) }) else { return }
        // The record's header and that of LINKTYPE_LINUX_SLL2 stand before the packet, so that one write takes all.
        let start = 16 + 20
        var record = [UInt8](repeating: 0, count: start + PacketRecorder.room)
        while goesOn(), isRead {
            var captured = ferry_captured()
            let isWritten = record.withUnsafeMutableBytes { bytes -> Bool in
                guard let base = bytes.baseAddress else { return false }
                let place = base.advanced(by: start).assumingMemoryBound(to: UInt8.self)
                let count = ferry_capture_next(descriptor, place, UInt(PacketRecorder.room), 200, &captured)
                guard count > 0 else { return count == 0 }
                let words = [
                    UInt32(truncatingIfNeeded: captured.seconds), captured.nanoseconds, UInt32(count + 20),
                    captured.length + 20,
                ]
                for (index, word) in words.enumerated() {
                    bytes.storeBytes(of: word, toByteOffset: 4 * index, as: UInt32.self)
                }
                withUnsafeBytes(of: captured.header) { header in
                    UnsafeMutableRawBufferPointer(rebasing: bytes[16..<start]).copyMemory(from: header)
                }
                return write(bytes, count: start + count)
            }
            guard isWritten else { return }
        }
    }

    /// Whether somebody reads, where a pipe is written to.
    private var isRead: Bool {
        var one = pollfd(fd: output, events: 0, revents: 0)
        return poll(&one, 1, 0) <= 0 || one.revents & Int16(POLLERR) == 0
    }

    private func write(_ bytes: UnsafeMutableRawBufferPointer, count: Int) -> Bool {
        var sent = 0
        while sent < count {
            let written = Glibc.write(output, bytes.baseAddress?.advanced(by: sent), count - sent)
            if written < 0, errno == EINTR { continue }
            guard written > 0 else { return false }
            sent += written
        }
        return true
    }
}
