import Foundation
import Glibc
import Testing

/// `ferry` before what another program captures, and before an output that takes nothing.
@Suite struct PipeTests {
    /// A capture of raw IP with one SYN, as octal escapes of printf.
    private static let capture: String = {
        let header: [UInt8] =
            [0xD4, 0xC3, 0xB2, 0xA1, 2, 0, 4, 0] + [UInt8](repeating: 0, count: 8) + [0xFF, 0xFF, 0, 0, 101, 0, 0, 0]
        let packet: [UInt8] = [
            0x45, 0, 0, 40, 0, 1, 0x40, 0, 64, 6, 0, 0, 192, 0, 2, 1, 192, 0, 2, 2, 0x9C, 0x40, 0x21, 0xFF, 0, 0, 0, 1,
            0, 0,
            0, 0, 0x50, 2, 0x20, 0, 0, 0, 0, 0,
        ]
        let length: [UInt8] = [UInt8(packet.count), 0, 0, 0]
        let record: [UInt8] = [1, 0, 0, 0, 0, 0, 0, 0] + length + length
        return (header + record + packet).map { "\\" + String($0 / 64) + String($0 / 8 % 8) + String($0 % 8) }.joined()
    }()

    @Test func whoIsInterruptedTellsWhatHasCome() async throws {
        try await inTestFolder { folder in
            let fifo = "\(folder)/pipe"
            #expect(mkfifo(fifo, 0o600) == 0)
            // Held open for writing, too: the program that captures goes on.
            let words = "exec 3<>\(fifo); printf '\(Self.capture)' >&3; exec \(Programs.ferry) capture - <&3"
            let program = try RunningProgram(["bash", "-c", words], output: "\(folder)/said")
            try await program.says("reading the standard input: 80 B so far")
            program.send(SIGINT)
            #expect(try await program.wait() == 0)
            #expect(program.output.contains("192.0.2.1:40000"), "\(program.output)")
        }
    }

    @Test func whatCouldNotBeWrittenWhileItWentOnIsSaidAtTheEnd() async throws {
        try await inTestFolder { folder in
            // Each probe is written out when it is over, and at the end nothing is left to write.
            let words = "\(Programs.ferry) probe 127.0.0.1:1 --json > /dev/full"
            let program = try RunningProgram(["bash", "-c", words], output: "\(folder)/said")
            #expect(try await program.wait() != 0)
            #expect(program.output.contains("refused while this went on"), "\(program.output)")
        }
    }

    @Test func whoeverReadsNoMoreIsNoFailure() async throws {
        try await inTestFolder { folder in
            let words = """
                cd \(folder); printf '\(Self.capture)' > one.pcap
                (sleep 0.3; \(Programs.ferry) capture one.pcap --json; echo "it ended with $?" >&2) | exec 0<&-
                (sleep 0.3; \(Programs.ferry) probe 127.0.0.1:1 --json) | exec 0<&-
                """
            let program = try RunningProgram(["bash", "-c", words], output: "\(folder)/said")
            _ = try await program.wait()
            #expect(program.output.contains("it ended with 0"), "\(program.output)")
            #expect(!program.output.contains("standard output"), "\(program.output)")
        }
    }

    @Test func whatCannotBeWrittenIsSaid() async throws {
        try await inTestFolder { folder in
            // More than is held back until the end, and less.
            for flows in [1, 400] {
                let file = "\(folder)/\(flows).pcap"
                let again =
                    flows > 1 ? "for port in $(seq 1 \(flows)); do tail -c 56 one.pcap; done >> many.pcap; " : ""
                let words = """
                    cd \(folder); printf '\(Self.capture)' > one.pcap; cp one.pcap many.pcap; \(again)mv many.pcap \(file)
                    \(Programs.ferry) capture \(file) --json --packets > /dev/full
                    """
                let program = try RunningProgram(["bash", "-c", words], output: "\(folder)/said-\(flows)")
                #expect(try await program.wait() == 1)
                #expect(program.output.contains("could be written to the standard output"), "\(program.output)")
            }
        }
    }
}
