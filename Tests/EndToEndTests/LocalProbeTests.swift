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
            let (descriptor, port) = try LoopbackSocket.bound()
            listen(descriptor, 64)
            (self.descriptor, self.port) = (descriptor, port)
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

    /// What a probe of `listener` says that is interrupted once it has said `sign`.
    private static func interrupted(
        _ listener: Listener,
        _ words: [String],
        after sign: String
    ) async throws -> (Int32, String) {
        var result: (Int32, String) = (0, "")
        try await inTestFolder { folder in
            let program = try RunningProgram(
                [Programs.ferry, "probe", "127.0.0.1:\(listener.port)"] + words,
                output: "\(folder)/said"
            )
            try await program.says(sign)
            program.send(SIGINT)
            let status = try await program.wait()
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
        try await inTestFolder { folder in
            let full = try FullListener()
            let place = "127.0.0.1:\(full.port)"
            let words = [Programs.ferry, "probe", place, "--content-ladder"]
            let (status, said) = try await RunningProgram.run(words, in: folder)
            #expect(status == 3 && said.contains("climbing towards \(place): "), "\(said)")
            #expect(said.contains("nothing answers"), "\(said)")
            #expect(said.contains("no connection came about for content to go on"), "\(said)")
            withExtendedLifetime(full) {}
        }
    }

    @Test func rateStepsThatGetNoConnectionSayThatThereWasNone() async throws {
        // A port that was free a moment ago.
        let port = try Listener().port
        try await inTestFolder { folder in
            let words = [Programs.ferry, "probe", "127.0.0.1:\(port)", "--rate-steps", "2M,5M"]
            let (status, said) = try await RunningProgram.run(words, in: folder)
            #expect(status == 3 && said.contains("At 2 Mbit/s no connection came about: refused."), "\(said)")
            #expect(!said.contains("take content"), "\(said)")
        }
    }

    @Test func addressToCallFromOfTheOtherFamilyIsRefusedBeforeAnythingIsTold() async throws {
        try await inTestFolder { folder in
            let words = [Programs.ferry, "probe", "[::1]:9", "--from", "127.0.0.1"]
            let (status, said) = try await RunningProgram.run(words, in: folder)
            #expect(status == 2 && said.contains("127.0.0.1 is IPv4, and [::1]:9 is IPv6"), "\(said)")
            #expect(!said.contains("outcome") && !said.contains("CAP_NET_RAW"), "\(said)")
        }
    }

    @Test func serviceThatSaysNoAndClosesIsQuoted() async throws {
        let listener = try Listener(says: "550 no\r\n", closes: true)
        try await inTestFolder { folder in
            let words = [Programs.ferry, "probe", "127.0.0.1:\(listener.port)"]
            let (status, said) = try await RunningProgram.run(words, in: folder)
            #expect(status == 3 && said.contains("It had said \"550 no\""), "\(said)")
            #expect(!said.contains("--payload"), "\(said)")
        }
        withExtendedLifetime(listener) {}
    }
}
