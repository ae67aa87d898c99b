internal import CFerryLinux
internal import FerryAddress
internal import Glibc

/// A packet with a TCP segment, byte by byte.
enum CraftedPacket {
    private static let tcp: UInt8 = 6

    /// The packet around `segment`, whose checksum is filled in here.
    /// - Parameter identification: of IPv4; for 0 the kernel takes one.
    static func bytes(
        _ segment: [UInt8],
        from source: IPAddress,
        to destination: IPAddress,
        _ timeToLive: Int,
        identification: UInt16 = 0
    ) -> [UInt8] {
        var segment = segment
        let addresses = source.bytes + destination.bytes
        let length = segment.count
        // RFC 9293, section 3.1, and RFC 8200, section 8.1.
        let pseudo =
            destination.isIPv6 ? big(UInt32(length)) + [0, 0, 0, tcp] : [0, tcp] + big(UInt16(clamping: length))
        let sum = checksum(addresses + pseudo + segment)
        segment[16] = UInt8(sum >> 8)
        segment[17] = UInt8(sum & 255)
        let limit = UInt8(clamping: timeToLive)
        if destination.isIPv6 {
            return [0x60, 0, 0, 0] + big(UInt16(clamping: length)) + [tcp, limit] + addresses + segment
        }
        // The kernel fills in the checksum of the header.
        let start = [0x45, 0] + big(UInt16(clamping: 20 + length)) + big(identification)
        return start + [0x40, 0, limit, tcp, 0, 0] + addresses + segment
    }

    /// The checksum of the Internet.
    static func checksum(_ bytes: [UInt8]) -> UInt16 {
        var sum: UInt32 = 0
        for index in stride(from: 0, to: bytes.count, by: 2) {
            sum += UInt32(bytes[index]) << 8 | UInt32(index + 1 < bytes.count ? bytes[index + 1] : 0)
        }
        while sum > 0xFFFF { sum = sum >> 16 + sum & 0xFFFF }
        return ~UInt16(sum)
    }
}

/// The bytes of a number, the most significant first.
func big<Integer: FixedWidthInteger>(_ value: Integer) -> [UInt8] {
    withUnsafeBytes(of: value.bigEndian) { Array($0) }
}

/// A segment with content on a connection of which the kernel knows, and of which it does not know that it is sent.
struct CraftedSegment {
    private let source: IPEndpoint
    private let destination: IPEndpoint
    private let sequence: UInt32
    private let acknowledgement: UInt32

    /// Nil if not all that it needs was captured.
    init?(_ flow: CapturedFlow, _ local: IPEndpoint, _ remote: IPEndpoint) {
        guard let next = flow.sendNext, let expected = flow.receiveNext else { return nil }
        source = local
        destination = remote
        sequence = next
        acknowledgement = expected
    }

    /// The packet with `content`. By its identification an error tells which step of a ladder it is about (IPv4).
    func bytes(_ content: [UInt8], timeToLive: Int) -> [UInt8] {
        let header = big(source.port) + big(destination.port) + big(sequence) + big(acknowledgement)
        let segment = header + [0x50, 0x18] + big(UInt16(64_240)) + [0, 0, 0, 0] + content
        return CraftedPacket.bytes(
            segment,
            from: source.address,
            to: destination.address,
            timeToLive,
            identification: UInt16(clamping: timeToLive)
        )
    }
}

/// Sends packets with headers of our own making to one destination. Needs CAP_NET_RAW.
final class RawSender {
    private let descriptor: Int32
    private let destination: KernelAddress
    /// Why it could not be opened.
    let problem: Int32

    init(to endpoint: IPEndpoint) {
        destination = KernelAddress(IPEndpoint(endpoint.address, port: 0))
        descriptor = ferry_raw_open(endpoint.address.family)
        problem = descriptor < 0 ? errno : 0
    }

    deinit { if descriptor >= 0 { close(descriptor) } }

    var isOpen: Bool { descriptor >= 0 }

    /// Sends it. Returns the system's error number, or 0.
    func send(_ packet: [UInt8]) -> Int32 {
        let count = destination.pass { sendto(descriptor, packet, packet.count, 0, $0, $1) }
        return count == packet.count ? 0 : errno
    }
}
