import Glibc
import Testing

@testable import FerryPacket

struct CaptureFileTests {
    @Test func whoReadsFromASilentPipeIsToldHowMuchHasCome() throws {
        let header: [UInt8] = [0xD4, 0xC3, 0xB2, 0xA1, 2, 0, 4, 0] + [UInt8](repeating: 0, count: 12) + [1, 0, 0, 0]
        var ends: [Int32] = [-1, -1]
        #expect(pipe(&ends) == 0)
        defer { close(ends[0]) }
        #expect(write(ends[1], header, header.count) == header.count)
        var told: [Int] = []
        let file = CaptureFile(path: "/proc/self/fd/\(ends[0])") { bytesRead in
            told.append(bytesRead)
            // The third time nothing has come since the second.
            if told.count == 3 { close(ends[1]) }
            return true
        }
        let stop = try file.read { _ in }
        #expect(stop == nil)
        #expect(told == [0, 24, 24])
    }

    @Test func captureThatNobodyWaitsForEndsWhereItIs() throws {
        let header: [UInt8] = [0xD4, 0xC3, 0xB2, 0xA1, 2, 0, 4, 0] + [UInt8](repeating: 0, count: 12) + [1, 0, 0, 0]
        var ends: [Int32] = [-1, -1]
        #expect(pipe(&ends) == 0)
        defer { for end in ends { close(end) } }
        #expect(write(ends[1], header, header.count) == header.count)
        let stop = try CaptureFile(path: "/proc/self/fd/\(ends[0])") { $0 == 0 }.read { _ in }
        #expect(stop == nil)
    }
}
