internal import FerryCore
public import FerryIdentity
internal import FerryImage

/// A proof whose signature and manifest hold.
public struct ConfirmedProof: Sendable {
    /// Who signed it, and what that rests on.
    public let signer: VerifiedProof
    /// How many regions the manifest has.
    public let regions: Int
    /// What the source could not read.
    public let damaged: ExtentList
}

extension ProofFile {
    /// Checks the signature, its authority and the whole manifest; nothing of an image.
    /// - Parameter authority: the authority that the checker trusts; nil to take the proof's own word for it.
    /// - Throws: `ProofRefused` if one of them is not what it must be, `FerryError` if the manifest cannot be read.
    public func confirm(authority: AuthorityCertificate?) throws -> ConfirmedProof {
        let digest = Array(certificates.utf8).withUnsafeBytes { SHA256.digest(of: $0) }
        let signer: VerifiedProof
        do throws(FerryError) {
            signer = try ProofVerifier(authority: authority)
                .verify(statementBytes, signature: signature, certificates: certificates, at: statement.signedAt)
        } catch {
            throw ProofRefused(error)
        }
        guard digest == statement.certificates else {
            throw ProofRefused("the certificates of \(path)", "they are not the ones that the statement names")
        }
        var manifest = ManifestReader(self)
        while try manifest.next() != nil {}
        try manifest.confirm()
        return ConfirmedProof(signer: signer, regions: manifest.sum.regions, damaged: manifest.sum.damaged)
    }
}
