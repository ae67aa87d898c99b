/// Takes a capture file apart as its bytes come: pcap and pcapng, in either byte order, with any resolution of time.
/// Pure: no file is opened here.
public struct CaptureParser {
    private enum Format {
        case unknown
        case pcap(PcapFormat)
        case pcapng(PcapngFormat)
    }

    private var format = Format.unknown
    private var number = 0
    private var offset: UInt64 = 0

    /// Where and why reading stopped before the end, if it did. Nothing more is read then.
    public private(set) var stop: CaptureStop?

    /// A parser at the beginning of a file.
    public init() {}

    /// How many packets were handed over.
    public var packetCount: Int { number }

    /// Hands the packets that are whole in `bytes` to `body`. Returns how many bytes were used; the others have to come
    /// again, before those that follow them. `isEnd` says that no more will come.
    public mutating func parse(
        _ bytes: UnsafeRawBufferPointer,
        isEnd: Bool,
        _ body: (CapturedPacket) -> Void
    ) -> Int {
        guard stop == nil else { return bytes.count }
        let all = PacketBytes(bytes)
        var used = 0
        if case .unknown = format {
            guard bytes.count >= 24 || isEnd else { return 0 }
            switch CaptureParser.format(all) {
            case .success((let found, let start)):
                format = found
                used = start
            case .failure(let reason):
                stop = CaptureStop(reason: reason.reason, offset: offset)
                return bytes.count
            }
        }
        let step: CaptureStep
        switch format {
        case .pcap(let pcap): step = pcap.parse(all, from: used, number: &number, body)
        case .pcapng(var pcapng):
            // The state must not be held twice, or its list of interfaces is copied.
            format = .unknown
            step = pcapng.parse(all, from: used, number: &number, body)
            format = .pcapng(pcapng)
        case .unknown: return 0
        }
        used = step.used
        if step.isDamaged {
            stop = CaptureStop(reason: .damaged, offset: offset + UInt64(used))
        } else if isEnd, used < bytes.count {
            stop = CaptureStop(reason: .cutShort, offset: offset + UInt64(used))
        }
        offset += UInt64(used)
        return stop == nil ? used : bytes.count
    }

    private struct Unusable: Error {
        var reason: CaptureStop.Reason
    }

    private static func format(_ bytes: PacketBytes) -> Result<(Format, Int), Unusable> {
        guard bytes.count >= 4 else { return .failure(Unusable(reason: .notACapture)) }
        let magic = bytes.little32(0)
        if magic == PcapngFormat.sectionHeader { return .success((.pcapng(PcapngFormat()), 0)) }
        if let known = PcapFormat.magics[magic] {
            guard bytes.count >= 24 else { return .failure(Unusable(reason: .cutShort)) }
            return .success((.pcap(PcapFormat(bytes, known)), 24))
        }
        switch (magic & 0xFFFF, magic) {
        case (0x8B1F, _): return .failure(Unusable(reason: .compressed("gzip")))
        case (_, 0xFD2F_B528): return .failure(Unusable(reason: .compressed("zstd")))
        case (_, 0x587A_37FD): return .failure(Unusable(reason: .compressed("xz")))
        case (0x5A42, _): return .failure(Unusable(reason: .compressed("bzip2")))
        default: return .failure(Unusable(reason: .notACapture))
        }
    }
}

/// How far one call to a format's reader came.
struct CaptureStep {
    var used: Int
    var isDamaged = false

    /// Larger than any packet, also one of a network card that is left to cut it: 512 KiB with IPv6.
    static let longestPacket = 1 << 20
}
