internal import ArgumentParser
internal import FerryCore
internal import FerryIdentity

/// `ferry pki show DIR`: an authority and what it issued.
struct PKIShow: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show an authority and the certificates it has issued."
    )

    @Argument(help: "The directory of the authority.")
    var directory: String

    func run() throws {
        let authority = try AuthorityCertificate.load(from: directory)
        let record = try IssuedRecord.load(from: directory)
        let now = UTCTime.now()
        print("\"\(authority.name)\"")
        print(
            "  valid       \(authority.notBefore.toTheSecond) to \(authority.notAfter.toTheSecond)\(end(authority.notAfter, now))"
        )
        print("  fingerprint \(authority.fingerprint)")
        print("Issued: \(record.certificates.count)")
        for certificate in record.certificates {
            print(
                "  \(certificate.identity)  until \(certificate.notAfter.toTheSecond)\(end(certificate.notAfter, now))"
            )
            print("    serial \(certificate.serial)  fingerprint \(certificate.fingerprint)")
        }
        if record.unreadableLines > 0 {
            print("warning: \(record.unreadableLines) of the lines of issued.jsonl cannot be read")
        }
    }

    private func end(_ time: UTCTime, _ now: UTCTime) -> String { time < now ? " (expired)" : "" }
}
