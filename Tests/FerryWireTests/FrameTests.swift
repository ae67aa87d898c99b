import FerryCore
import NIOCore
import Testing

@testable import FerryWire

@Suite struct FrameTests {
    @Test func framesAreFoundHoweverTheStreamIsCut() throws {
        let seed = UInt64.random(in: 0 ... .max)
        var generator = SeededGenerator(seed: seed)
        var stream = ByteBuffer()
        for token in 0..<200 { AgentMessage.ping(token: UInt64(token)).write(to: &stream) }
        var decoder = FrameDecoder()
        var tokens: [UInt64] = []
        while stream.readableBytes > 0 {
            let length = min(stream.readableBytes, Int.random(in: 1...40, using: &generator))
            guard var piece = stream.readSlice(length: length) else { break }
            decoder.append(&piece)
            while let frame = try decoder.next() {
                if case .ping(let token) = try AgentMessage(frame) { tokens.append(token) }
            }
        }
        #expect(tokens == Array(0..<200), "seed \(seed)")
    }

    @Test func frameThatClaimsFourGiBIsRefusedAtItsHeader() {
        for type in UInt8.min...UInt8.max {
            var decoder = FrameDecoder()
            var bytes = ByteBuffer(bytes: [0xFF, 0xFF, 0xFF, 0xFF, type])
            decoder.append(&bytes)
            #expect(throws: FerryError.self) { try decoder.next() }
        }
    }

    @Test func decoderHoldsAboutOneFrameHoweverLongTheStreamIs() throws {
        let length = 700_000
        let content = ByteBuffer(repeating: 7, count: length)
        let part = DataPart(
            batch: 1,
            firstNeeded: 0,
            runs: 1,
            unpackedLength: UInt32(length),
            encoding: .plain,
            content: content
        )
        var frame = ByteBuffer()
        AgentMessage.data(part).write(to: &frame)
        var decoder = FrameDecoder()
        var waiting = ByteBuffer()
        var frames = 0
        var most = 0
        // No piece ends where a frame does.
        for _ in 0..<60 {
            var copy = frame
            waiting.writeBuffer(&copy)
            while waiting.readableBytes > 60_000, var piece = waiting.readSlice(length: 60_000) {
                decoder.append(&piece)
                while try decoder.next() != nil { frames += 1 }
                most = max(most, decoder.heldBytes)
            }
            waiting.discardReadBytes()
        }
        #expect(frames == 59)
        #expect(most <= 4 << 20)
    }

    @Test func noBytesMakeTheDecoderFailOtherwiseThanByRefusing() {
        let seed = UInt64.random(in: 0 ... .max)
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<2000 {
            var payload = ByteBuffer()
            for _ in 0..<Int.random(in: 0...300, using: &generator) {
                payload.writeInteger(UInt8.random(in: .min ... .max, using: &generator))
            }
            let frame = Frame(type: UInt8.random(in: .min ... .max, using: &generator), payload: payload)
            _ = try? AgentMessage(frame)
            _ = try? StagingMessage(frame)
        }
    }
}

/// SplitMix64 (Vigna), so that a failing seed can be tried again.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var word = state
        word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
        return word ^ (word >> 31)
    }
}
