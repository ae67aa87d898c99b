import FerryCore
import Foundation
import Glibc
import Testing

/// `ferry probe` at ports of this machine.
@Suite struct LocalProbeTests {
    /// A listener that says `words` to each of its first connections, and closes them, or reads all that comes, if it is to.
    private final class Listener: Sendable {
        let port: UInt16
        private let descriptor: Int32

        init(says words: String = "", closes: Bool = false, reads: Bool = false) throws {
            let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
            var length = socklen_t(MemoryLayout<sockaddr_in>.size)
            let isBound = withUnsafeMutablePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                    Glibc.bind(descriptor, pointer, length) == 0 && getsockname(descriptor, pointer, &length) == 0
                }
            }
            guard isBound, listen(descriptor, 64) == 0 else {
                throw TestFailure("no port of this machine can be had")
            }
            self.descriptor = descriptor
            port = UInt16(bigEndian: address.sin_port)
            guard !words.isEmpty || reads else { return }
            Thread.detachNewThread {
                while true {
                    let peer = accept(descriptor, nil, nil)
                    guard peer >= 0 else { return }
                    _ = Array(words.utf8).withUnsafeBytes { send(peer, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
                    if reads {
                        Thread.detachNewThread {
                            var buffer = [UInt8](repeating: 0, count: 65536)
                            while recv(peer, &buffer, buffer.count, 0) > 0 {}
                            close(peer)
                        }
                    } else if closes {
                        shutdown(peer, Int32(SHUT_WR))
                        usleep(100_000)
                        close(peer)
                    }
                }
            }
        }

        deinit {
            shutdown(descriptor, Int32(SHUT_RDWR))
            close(descriptor)
        }
    }

    private static func inFolder(_ body: (String) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("ferry-test-\(UUID().uuidString)")
            .path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try await body(folder)
    }

    /// What a probe of `listener` says that is interrupted once it has said `sign`.
    private static func interrupted(
        _ listener: Listener,
        _ words: [String],
        after sign: String
    ) async throws -> (Int32, String) {
        var result: (Int32, String) = (0, "")
        try await inFolder { folder in
            let program = try RunningProgram(
                [Programs.ferry, "probe", "127.0.0.1:\(listener.port)"] + words,
                output: "\(folder)/said"
            )
            try await program.says(sign)
            program.send(SIGINT)
            let status = try await program.wait(20)
            result = (status, program.output)
        }
        withExtendedLifetime(listener) {}
        return result
    }

    @Test func probesThatAreInterruptedTellWhatWasSeenUntilThen() async throws {
        let words = ["--count", "9", "--interval", "30s"]
        let (status, said) = try await Self.interrupted(try Listener(says: "220 ready\r\n"), words, after: "begins in")
        #expect(status == 3 && said.contains("interrupted after 1 of 9 connections: 1 of 1 worked"), "\(said)")
        #expect(!said.contains("CancellationError"))
    }

    @Test func everyLineOfAnInterruptedProbesJSONIsWhole() async throws {
        let words = ["--count", "9", "--interval", "30s", "--json"]
        let (status, said) = try await Self.interrupted(try Listener(says: "220 ready\r\n"), words, after: "begins in")
        let objects = said.split(separator: "\n").filter { $0.hasPrefix("{") }
        #expect(status == 3 && objects.count == 1, "\(said)")
        for object in objects { _ = try JSONValue(parsing: String(object), from: "ferry probe") }
    }

    @Test func oneThatIsInterruptedBeforeAnythingIsOverSaysSo() async throws {
        let silent = try Listener()
        let (status, said) = try await Self.interrupted(
            silent,
            ["--protocol", "rsync", "--answer-wait", "30s"],
            after: "probe 1 of 1"
        )
        #expect(status == 3 && said.contains("it was interrupted before the connection was over"), "\(said)")
        let steps = try await Self.interrupted(
            try Listener(reads: true),
            ["--rate-steps", "1M,2M", "--step-seconds", "30"],
            after: "step 1 of 2"
        )
        #expect(steps.0 == 3 && steps.1.contains("interrupted before the first of 2 rates was measured"), "\(steps.1)")
    }

    @Test func ladderOfContentThatGetsNoConnectionIsNotSilentAndSaysSo() async throws {
        try await Self.inFolder { folder in
            // Documentation's address: nobody answers there, if it can be sent to at all.
            let words = [Programs.ferry, "probe", "203.0.113.1:9", "--content-ladder"]
            let (status, said) = try await RunningProgram.run(words, in: folder)
            guard said.contains("nothing answers") else { return }
            #expect(status == 3 && said.contains("climbing towards 203.0.113.1:9: "), "\(said)")
            #expect(said.contains("no connection came about for content to go on"), "\(said)")
        }
    }

    @Test func rateStepsThatGetNoConnectionSayThatThereWasNone() async throws {
        // A port that was free a moment ago.
        let port = try Listener().port
        try await Self.inFolder { folder in
            let words = [Programs.ferry, "probe", "127.0.0.1:\(port)", "--rate-steps", "2M,5M"]
            let (status, said) = try await RunningProgram.run(words, in: folder)
            #expect(status == 3 && said.contains("At 2 Mbit/s no connection came about: refused."), "\(said)")
            #expect(!said.contains("take content"), "\(said)")
        }
    }

    @Test func addressToCallFromOfTheOtherFamilyIsRefusedBeforeAnythingIsTold() async throws {
        try await Self.inFolder { folder in
            let words = [Programs.ferry, "probe", "[::1]:9", "--from", "127.0.0.1"]
            let (status, said) = try await RunningProgram.run(words, in: folder)
            #expect(status == 2 && said.contains("127.0.0.1 is IPv4, and [::1]:9 is IPv6"), "\(said)")
            #expect(!said.contains("outcome") && !said.contains("CAP_NET_RAW"), "\(said)")
        }
    }

    @Test func serviceThatSaysNoAndClosesIsQuoted() async throws {
        let listener = try Listener(says: "550 no\r\n", closes: true)
        try await Self.inFolder { folder in
            let words = [Programs.ferry, "probe", "127.0.0.1:\(listener.port)"]
            let (status, said) = try await RunningProgram.run(words, in: folder)
            #expect(status == 3 && said.contains("It had said \"550 no\""), "\(said)")
            #expect(!said.contains("--payload"), "\(said)")
        }
        withExtendedLifetime(listener) {}
    }
}
