internal import FerryCore
internal import FerryEvidence
internal import FerryTransport

/// The identity that vantages reached over TLS are shown.
enum VantageIdentity {
    /// Looks at it before anybody is asked: that it is missing is no word about a vantage.
    /// - Throws: `FerryError` with `ErrorCode.identityUnusable` if a vantage of `site` needs one and none is given, and what
    ///   reading `directory` throws, whether it is needed or not.
    static func check(_ directory: String?, for site: Site) throws(FerryError) {
        if let directory {
            _ = try TLSIdentity(directory: directory)
            return
        }
        guard let vantage = site.vantages.first(where: { $0.reach.hasPrefix("tls://") }) else { return }
        throw FerryError(
            .identityUnusable,
            operation: "ask",
            subject: "the vantage \(vantage.name) at \(vantage.reach)",
            cause: "no identity was given to show there",
            advice: "Give --identity DIR, with what \"ferry pki issue --operator\" has made."
        )
    }
}
