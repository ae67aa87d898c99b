import Foundation

/// ssh from the source server to the staging server, with keys and a configuration of its own.
final class SecureShell {
    private static let port = 2222

    private let servers: TwoServers
    private var isReady = false

    init(_ servers: TwoServers) { self.servers = servers }

    /// The tools it needs.
    static var obstacle: String? {
        let missing = ["ssh", "sshd", "ssh-keygen"].filter { Tool.path(of: $0) == nil }
        return missing.isEmpty ? nil : "not installed: \(missing.joined(separator: ", "))"
    }

    /// A program that takes the words of ssh, the destination among them.
    var program: String { "\(directory)/connect" }
    /// The staging server, as `program` and rsync want it.
    var destination: String { "root@\(servers.staging.address)" }
    /// A shell command that runs `text` on the staging server.
    func remotely(_ text: String) -> String { "\(program) \(destination) \(text.shellWord)" }

    /// Starts sshd on the staging server.
    func serve() throws(BenchmarkError) {
        try makeKeys()
        let daemon = Tool.path(of: "sshd") ?? "sshd"
        try servers.staging.serve([daemon, "-D", "-e", "-f", "\(directory)/sshd_config"], port: SecureShell.port)
    }

    private var directory: String { "\(servers.run.path)/ssh" }

    private func makeKeys() throws(BenchmarkError) {
        guard !isReady else { return }
        let daemonOptions = [
            "Port \(SecureShell.port)", "ListenAddress \(servers.staging.address)", "HostKey \(directory)/host",
            "AuthorizedKeysFile \(directory)/user.pub", "StrictModes no", "PermitRootLogin prohibit-password",
            "PasswordAuthentication no", "UsePAM no", "PidFile none", "MaxStartups 100", "LogLevel ERROR",
            "Subsystem sftp internal-sftp",
        ]
        let connect = [
            "ssh", "-q", "-p", "\(SecureShell.port)", "-i", "\(directory)/user", "-F", "none", "-o", "BatchMode=yes",
            "-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null",
        ]
        do {
            try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
            // sshd insists on this directory for its children that have no rights.
            try FileManager.default.createDirectory(atPath: "/run/sshd", withIntermediateDirectories: true)
            try (daemonOptions.joined(separator: "\n") + "\n").write(
                toFile: "\(directory)/sshd_config",
                atomically: true,
                encoding: .utf8
            )
            try "#!/bin/sh\nexec \(connect.joined(separator: " ")) \"$@\"\n".write(
                toFile: program,
                atomically: true,
                encoding: .utf8
            )
            try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: program)
        } catch {
            throw BenchmarkError(.failure, "could not write to \(directory): \(error)")
        }
        for key in ["host", "user"] {
            try Tool.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", "\(directory)/\(key)"])
        }
        isReady = true
    }
}
