import Foundation
import Testing

/// The `openssl` program, to see what is issued with other eyes than those that made it.
struct OpenSSL {
    static let isThere = (try? run(["version"]))?.status == 0

    struct Answer {
        let status: Int32
        let text: String
    }

    /// Runs `openssl` to its end; `text` is what it said on both streams.
    @discardableResult
    static func run(_ arguments: [String], input: String = "") throws -> Answer {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["openssl"] + arguments
        let (given, said) = (Pipe(), Pipe())
        process.standardInput = given
        process.standardOutput = said
        process.standardError = said
        try process.run()
        if !input.isEmpty { given.fileHandleForWriting.write(Data(input.utf8)) }
        try given.fileHandleForWriting.close()
        let text = String(decoding: said.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return Answer(status: process.terminationStatus, text: text)
    }

    /// What a client sees of a TLS 1.3 server that demands a client certificate and, if pleased, sends a page.
    static func handshake(
        server: String,
        serverAuthority: String,
        client: String,
        clientAuthority: String,
        verifyHost: [String] = []
    ) throws -> Answer {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments =
            ["openssl", "s_server", "-accept", "127.0.0.1:0", "-tls1_3", "-www", "-naccept", "1"]
            + ["-Verify", "1", "-verify_return_error", "-CAfile", serverAuthority]
            + ["-cert", "\(server)/cert.pem", "-key", "\(server)/key.pem"]
        let (given, said) = (Pipe(), Pipe())
        process.standardInput = given
        process.standardOutput = said
        process.standardError = FileHandle.nullDevice
        try process.run()
        defer {
            process.terminate()
            process.waitUntilExit()
        }
        var announcement = ""
        while !announcement.contains("ACCEPT") || !announcement.hasSuffix("\n") {
            let more = said.fileHandleForReading.availableData
            try #require(!more.isEmpty, "the server did not start: \(announcement)")
            announcement += String(decoding: more, as: UTF8.self)
        }
        let line = try #require(announcement.split(separator: "\n").first { $0.hasPrefix("ACCEPT ") })
        let port = try #require(line.split(separator: ":").last)
        return try run(
            ["s_client", "-connect", "127.0.0.1:\(port)", "-tls1_3", "-ign_eof", "-verify_return_error"]
                + ["-verify", "1", "-CAfile", clientAuthority] + verifyHost
                + ["-cert", "\(client)/cert.pem", "-key", "\(client)/key.pem"],
            input: "GET / HTTP/1.0\r\n\r\n"
        )
    }
}
