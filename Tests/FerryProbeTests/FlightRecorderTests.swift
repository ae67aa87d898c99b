import FerryCore
import FerryProbe
import Foundation
import Glibc
import Testing

/// What is kept of connections that died, for both families. Captures need CAP_NET_RAW.
@Suite(.enabled(if: geteuid() == 0, "it needs CAP_NET_RAW"))
struct FlightRecorderTests {
    /// A connection attempt to `port` of the loopback, and so many bytes if somebody takes it.
    private func attempt(_ port: UInt16, isIPv6: Bool, sending count: Int = 0) {
        let descriptor = socket(isIPv6 ? AF_INET6 : AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        if isIPv6 {
            var address = sockaddr_in6()
            address.sin6_family = sa_family_t(AF_INET6)
            address.sin6_port = port.bigEndian
            address.sin6_addr = in6addr_loopback
            _ = withUnsafePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in6>.size))
                }
            }
        } else {
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_port = port.bigEndian
            address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
            _ = withUnsafePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
                }
            }
        }
        guard count > 0 else { return }
        _ = send(descriptor, [UInt8](repeating: 0x78, count: count), count, Int32(MSG_NOSIGNAL))
        // Until the far end closes.
        var end: UInt8 = 0
        _ = recv(descriptor, &end, 1, 0)
    }

    /// The versions and ports of the packets in a capture of raw IP.
    private func packets(_ file: Data) -> [(version: UInt8, ports: Set<UInt16>)] {
        var found: [(UInt8, Set<UInt16>)] = []
        var place = 24
        while place + 16 <= file.count {
            let length = Int(file[place + 8]) | Int(file[place + 9]) << 8
            let packet = [UInt8](file[place + 16..<min(file.count, place + 16 + length)])
            place += 16 + length
            let version = packet[0] >> 4
            let start = version == 6 ? 40 : Int(packet[0] & 15) * 4
            guard packet.count >= start + 4 else { continue }
            found.append(
                (
                    version,
                    [
                        UInt16(packet[start]) << 8 | UInt16(packet[start + 1]),
                        UInt16(packet[start + 2]) << 8 | UInt16(packet[start + 3]),
                    ]
                )
            )
        }
        return found
    }

    /// The lengths that packets had, as a capture of raw IP tells them.
    private func lengths(_ file: Data) -> [Int] {
        var found: [Int] = []
        var place = 24
        while place + 16 <= file.count {
            func word(_ offset: Int) -> Int { (0..<4).reduce(0) { $0 | Int(file[place + offset + $1]) << (8 * $1) } }
            found.append(word(12))
            place += 16 + word(8)
        }
        return found
    }

    /// The file that a recorder writes to `folder`.
    private func kept(_ folder: URL) async throws -> Data {
        var files: [String] = []
        for _ in 0..<200 where files.isEmpty {
            try await Task.sleep(for: .milliseconds(100))
            let all = try? FileManager.default.contentsOfDirectory(atPath: folder.path)
            files = all?.filter { $0.hasSuffix(".pcap") } ?? []
        }
        return try Data(contentsOf: folder.appendingPathComponent(try #require(files.first)))
    }

    @Test func packetsOfWhichTheHeadersAreKeptTellHowLongTheyWere() async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("ferry-test-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        let service = LocalService(.closesAfter(bytes: 5000))
        let recorder = try FlightRecorder(ports: [service.port], seconds: 30, folder: folder.path)
        defer { recorder.end() }
        try await Task.sleep(for: .milliseconds(300))
        attempt(service.port, isIPv6: false, sending: 5000)
        recorder.died()
        let lengths = lengths(try await kept(folder))
        #expect(lengths.contains { $0 > 5000 } && lengths.allSatisfy { $0 >= 40 }, "\(lengths)")
        withExtendedLifetime(service) {}
    }

    @Test func connectionsOfBothFamiliesAreKeptAndThoseOfOtherPortsAreNot() async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("ferry-test-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        let ports: [UInt16] = [61_234, 61_235]
        let recorder = try FlightRecorder(ports: ports, seconds: 30, folder: folder.path)
        defer { recorder.end() }
        try await Task.sleep(for: .milliseconds(300))
        for isIPv6 in [false, true] {
            for port in ports + [61_236] { attempt(port, isIPv6: isIPv6) }
        }
        recorder.died()
        let kept = packets(try await kept(folder))
        for version in [4, 6] as [UInt8] {
            for port in ports {
                // The request and the refusal.
                #expect(
                    kept.count { $0.version == version && $0.ports.contains(port) } == 2,
                    "IPv\(version) \(port): \(kept)"
                )
            }
        }
        #expect(kept.allSatisfy { !$0.ports.contains(61_236) })
    }
}
