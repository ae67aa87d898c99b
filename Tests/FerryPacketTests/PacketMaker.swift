@testable import FerryPacket

/// Makes packets for tests, byte by byte, without what is tested.
struct PacketMaker {
    var source: [UInt8] = [192, 0, 2, 1]
    var destination: [UInt8] = [203, 0, 113, 11]
    var sourcePort: UInt16 = 40_000
    var destinationPort: UInt16 = 8703
    var timeToLive: UInt8 = 64
    var identification: UInt16 = 7
    var fragment: UInt16 = 0x4000
    var service: UInt8 = 0
    var sequence: UInt32 = 1000
    var acknowledgement: UInt32 = 0
    var flags: TCPFlags = .syn
    var window: UInt16 = 64_240
    var options: [UInt8] = []
    var payload: [UInt8] = []

    static let handshakeOptions: [UInt8] = [2, 4, 5, 180, 4, 2, 8, 10, 0, 0, 0, 1, 0, 0, 0, 0, 1, 3, 3, 7]

    static func big(_ value: some FixedWidthInteger) -> [UInt8] {
        withUnsafeBytes(of: value.bigEndian) { Array($0) }
    }

    var tcp: [UInt8] {
        let padded = options + [UInt8](repeating: 0, count: (4 - options.count % 4) % 4)
        let place = UInt16(5 + padded.count / 4) << 12 | flags.rawValue
        return PacketMaker.big(sourcePort) + PacketMaker.big(destinationPort) + PacketMaker.big(sequence)
            + PacketMaker.big(acknowledgement) + PacketMaker.big(place) + PacketMaker.big(window) + [0, 0, 0, 0]
            + padded + payload
    }

    var ip: [UInt8] { ip(protocolNumber: 6, payload: tcp) }

    func ip(protocolNumber: UInt8, payload: [UInt8]) -> [UInt8] {
        if source.count == 16 {
            return [0x60 | service >> 4, service << 4, 0, 0] + PacketMaker.big(UInt16(payload.count))
                + [protocolNumber, timeToLive] + source + destination + payload
        }
        return [0x45, service] + PacketMaker.big(UInt16(20 + payload.count)) + PacketMaker.big(identification)
            + PacketMaker.big(fragment) + [timeToLive, protocolNumber, 0, 0] + source + destination + payload
    }

    var ethernet: [UInt8] {
        [UInt8](repeating: 2, count: 12) + (source.count == 16 ? [0x86, 0xDD] : [8, 0]) + ip
    }
}
