import FerryEvidence

@testable import FerryDiagnosis

extension Contact {
    /// One from where it fails to the suspect.
    static let failing = Contact(from: .sourceHost, vantage: 0, by: .failing, to: .suspectHost, port: .suspect)
}
