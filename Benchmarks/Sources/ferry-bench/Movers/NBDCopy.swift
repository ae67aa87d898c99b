import Foundation

/// nbdkit on the source server, nbdcopy on the staging server, TLS with a key both know.
final class NBDCopy: Mover {
    /// Which cipher the two may agree on.
    enum Cipher {
        /// What GnuTLS chooses, which is ChaCha20-Poly1305 for such a key.
        case usual
        /// AES-GCM, which is faster where the processor can do it.
        case aes
    }

    let name: String
    let title: String
    let rule = ImageComparison.Rule.everything

    private static let port = 10809
    private let cipher: Cipher
    private let servers: TwoServers

    init(_ cipher: Cipher, servers: TwoServers) {
        self.cipher = cipher
        self.servers = servers
        name = cipher == .usual ? "nbdcopy" : "nbdcopy-aes"
        title =
            cipher == .usual
            ? "nbdkit file, nbdcopy, TLS with a pre-shared key" : "the same, ChaCha20-Poly1305 disabled in GnuTLS"
    }

    var obstacle: String? { missing("nbdkit", "nbdcopy") }

    private var directory: String { "\(servers.run.path)/nbd" }
    private var keys: String { "\(directory)/keys.psk" }

    /// Nothing: it copies everything again, whatever is there.
    func prepare(_ task: CopyTask) throws(BenchmarkError) {
        let policy = "[global]\noverride-mode = blocklist\n\n[overrides]\ntls-disabled-cipher = CHACHA20-POLY1305\n"
        let key = (0..<32).map { _ in String(format: "%02x", UInt8.random(in: 0...255)) }.joined()
        do {
            try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
            try policy.write(toFile: "\(directory)/gnutls", atomically: true, encoding: .utf8)
            try "bench:\(key)\n".write(toFile: keys, atomically: true, encoding: .utf8)
        } catch {
            throw BenchmarkError(.failure, "could not write to \(directory): \(error)")
        }
        try servers.source.serve(
            [
                "nbdkit", "--foreground", "--readonly", "--ipaddr", servers.source.address, "--port", "\(NBDCopy.port)",
                "--tls=require", "--tls-psk=\(keys)", "file", task.disk.image,
            ],
            port: NBDCopy.port,
            environment: environment
        )
    }

    func copy(_ task: CopyTask) throws(BenchmarkError) -> CopyResult {
        let address = "nbds://bench@\(servers.source.address):\(NBDCopy.port)/?tls-psk-file=\(keys)"
        let measurement = try servers.measure(limit: task.limit) { () throws(BenchmarkError) in
            try servers.staging.await(
                try servers.staging.start(["nbdcopy", address, servers.copy], environment: environment),
                "nbdcopy"
            )
        }
        return CopyResult(measurement: measurement, copy: servers.copy)
    }

    private var environment: [String: String] {
        cipher == .usual ? [:] : ["GNUTLS_SYSTEM_PRIORITY_FILE": "\(directory)/gnutls"]
    }
}
