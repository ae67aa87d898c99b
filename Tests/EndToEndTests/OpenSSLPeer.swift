import Foundation

/// A peer with a certificate that both sides trust, which says whatever the test wants it to say: openssl's.
enum OpenSSLPeer {
    private static func identity(_ folder: String) -> [String] {
        ["-cert", "\(folder)/cert.pem", "-key", "\(folder)/key.pem", "-CAfile", "\(folder)/ca.pem"]
    }

    /// Says `bytes` to a staging server as the agent whose identity is in `identity`, and returns what it answers until
    /// it closes the connection; nil if it does not within 15 s.
    static func ask(_ bytes: [UInt8], port: Int, identity folder: String, in scratch: String) async throws -> Data? {
        let said = "\(scratch)/said-\(UInt64.random(in: 0 ... .max))"
        try Data(bytes).write(to: URL(fileURLWithPath: said))
        let words =
            ["openssl", "s_client", "-quiet", "-tls1_3", "-alpn", "ferry/1", "-connect", "127.0.0.1:\(port)"]
            + identity(folder)
        let quoted = words.map { "'\($0)'" }.joined(separator: " ")
        // The end of what is said is not the end of the connection: that is for the staging server to make.
        let (status, _) = try await RunningProgram.run(
            [
                "bash", "-c",
                "exec timeout 14 \(quoted) < <(cat '\(said)'; sleep 15) > '\(said).answer' 2> /dev/null",
            ],
            in: scratch
        )
        return status == 124 ? nil : try Data(contentsOf: URL(fileURLWithPath: "\(said).answer"))
    }

    /// Starts a staging server on `port` that says `bytes` to its first agent, whatever that says.
    static func serve(
        _ bytes: [UInt8],
        port: Int,
        identity folder: String,
        in scratch: String
    ) throws -> RunningProgram {
        let said = "\(scratch)/said-\(UInt64.random(in: 0 ... .max))"
        try Data(bytes).write(to: URL(fileURLWithPath: said))
        let words =
            ["openssl", "s_server", "-quiet", "-tls1_3", "-alpn", "ferry/1", "-Verify", "3", "-accept", "\(port)"]
            + identity(folder)
        let quoted = words.map { "'\($0)'" }.joined(separator: " ")
        return try RunningProgram(
            ["bash", "-c", "exec \(quoted) < <(cat '\(said)'; exec sleep 60)"],
            output: "\(said).log"
        )
    }
}
