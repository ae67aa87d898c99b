internal import ArgumentParser
internal import FerryCore
internal import FerryIdentity

/// `ferry pki issue DIR --agent NAME --out DIR`: issues one identity.
struct PKIIssue: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "issue",
        abstract: "Issue an identity to an agent, a staging server, a vantage or an operator.",
        discussion: "An identity is a directory with ca.pem, cert.pem and key.pem. To renew one, issue it again."
    )

    @Argument(help: "The directory of the authority, as made by `ferry pki init`.")
    var directory: String

    @Option(help: ArgumentHelp("The agent to issue to.", valueName: "name"))
    var agent: String?

    @Option(help: ArgumentHelp("The staging server to issue to.", valueName: "name"))
    var staging: String?

    @Option(help: ArgumentHelp("The vantage to issue to.", valueName: "name"))
    var vantage: String?

    @Option(help: ArgumentHelp("The operator to issue to, who may ask vantages.", valueName: "name"))
    var `operator`: String?

    @Option(help: ArgumentHelp("The directory to make; it must not exist or be empty.", valueName: "directory"))
    var out: String

    @Option(
        name: .customLong("host"),
        help: ArgumentHelp("A host name or address of the staging server.", valueName: "host")
    )
    var hosts: [String] = []

    @Option(help: ArgumentHelp("How many days the certificate is good for. (default: 30)", valueName: "days"))
    var days: Int?

    func validate() throws {
        guard [agent, staging, vantage, `operator`].compactMap({ $0 }).count == 1 else {
            throw ValidationError("Give one of --agent NAME, --staging NAME, --vantage NAME and --operator NAME.")
        }
        guard staging != nil || hosts.isEmpty else {
            throw ValidationError("--host is for staging servers.")
        }
    }

    func run() throws {
        let authority = try CertificateAuthority.load(from: directory)
        let lifetime = if let days { try Lifetime(days: days) } else { Lifetime.usual }
        for warning in authority.warnings { print("warning: \(warning)") }
        if let agent {
            let name = try AgentName(agent)
            report(try authority.issue(agent: name, to: out, lifetime: lifetime), by: authority)
            print("\nNext, copy the directory to the source server, readable by root only:")
            print("  scp -rp \(out.asShellWord) root@SERVER:")
        } else if let vantage {
            report(try authority.issue(vantage: AgentName(vantage), to: out, lifetime: lifetime), by: authority)
            print("\nNext, copy the directory to the vantage, and start it there:")
            print("  ferry-agent vantage --listen tls://ADDRESS:8710 --identity DIRECTORY --site FILE")
        } else if let name = `operator` {
            report(try authority.issue(operator: AgentName(name), to: out, lifetime: lifetime), by: authority)
            print("\nNext, ask vantages with it:")
            print("  ferry diagnose --site FILE --identity \(out.asShellWord)")
        } else if let staging {
            let name = try StagingName(staging)
            let hosts = try hosts.map { try CertificateHost(parsing: $0) }
            report(try authority.issue(staging: name, hosts: hosts, to: out, lifetime: lifetime), by: authority)
            print("\nNext, an identity for each agent:")
            print("  ferry pki issue \(directory.asShellWord) --agent NAME --out DIRECTORY")
        }
    }

    private func report(_ issued: IssuedIdentity, by authority: CertificateAuthority) {
        print(
            "Issued by \"\(authority.certificate.name)\" into \(issued.directory): \(issued.files.joined(separator: ", "))"
        )
        for certificate in issued.certificates {
            let isCut = certificate.notAfter == authority.certificate.notAfter
            print("\(certificate.identity)")
            print("  valid until \(certificate.notAfter.toTheSecond)\(isCut ? ", when the authority itself ends" : "")")
            print("  fingerprint \(certificate.fingerprint)")
        }
    }
}
