internal import ArgumentParser
internal import FerryCore
internal import FerryIdentity

/// `ferry pki init DIR`: makes an authority.
struct PKIInit: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init",
        abstract: "Make a certificate authority in a new directory.",
        discussion: "Keep the directory on a machine that is neither a source server nor reachable from one."
    )

    @Argument(help: "The directory to make; it must not exist or be empty.")
    var directory: String

    @Option(help: "What to call the authority, up to 64 characters. (default: Ferry CA and a number)")
    var name: String?

    func run() throws {
        let authority = try CertificateAuthority.create(in: directory, name: name)
        print("Made the certificate authority \"\(authority.certificate.name)\" in \(directory):")
        print("  ca.pem      for everybody: what both ends and an auditor check against")
        print("  ca-key.pem  for nobody else: whoever has it can issue identities")
        print("valid until \(authority.certificate.notAfter.toTheSecond)")
        print("fingerprint \(authority.certificate.fingerprint)")
        print("\nNext, an identity for the staging server:")
        print("  ferry pki issue \(directory.asShellWord) --staging NAME --out DIRECTORY")
    }
}
