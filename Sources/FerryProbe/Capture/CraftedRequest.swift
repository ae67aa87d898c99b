internal import FerryAddress
internal import FerryEvidence

/// A packet that requests a TCP connection, byte by byte.
struct CraftedRequest {
    let options: ProbeOptions

    func bytes(from source: IPEndpoint, to destination: IPEndpoint, sequence: UInt32) -> [UInt8] {
        let list = optionBytes(largest: destination.address.isIPv6 ? 1440 : 1460)
        let flags: UInt8 = options.ecn == true ? 0xC2 : 0x02
        let window = UInt16(clamping: options.receiveBuffer ?? 64_240)
        var segment = big(source.port) + big(destination.port) + big(sequence) + big(UInt32(0))
        segment += [UInt8((20 + list.count) / 4) << 4, flags] + big(window) + [0, 0, 0, 0] + list
        return CraftedPacket.bytes(segment, from: source.address, to: destination.address, options.timeToLive ?? 64)
    }

    /// In the order in which Linux has them.
    private func optionBytes(largest: Int) -> [UInt8] {
        var list = [2, 4] + big(UInt16(clamping: options.maximumSegment ?? largest))
        let sacks = options.selectiveAcknowledgement ?? true
        if options.timestamps ?? true {
            list += (sacks ? [4, 2] : [1, 1]) + [8, 10] + big(UInt32.random(in: 1...UInt32.max)) + [0, 0, 0, 0]
        } else if sacks {
            list += [1, 1, 4, 2]
        }
        if options.windowScale ?? true { list += [1, 3, 3, 7] }
        return list
    }
}
