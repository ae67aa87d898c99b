internal import FerryCore
internal import FerryEvidence
internal import FerryProbe
internal import FerryResolver
internal import Foundation

/// A vantage in this process, for a site that declares none: the diagnosis looks from here.
final class LocalVantage {
    let vantage: Site.Vantage
    private let listening: UnixVantage
    private let folder: String

    /// - Returns: nil if the site has vantages.
    init?(_ site: Site) throws(FerryError) {
        guard site.vantages.isEmpty else { return nil }
        // Nobody else may have made it before: mkdtemp puts a name that is not there yet in place of the last six letters.
        var name = Array("\(NSTemporaryDirectory())ferry-\(String(repeating: "X", count: 6))".utf8CString)
        guard let made = mkdtemp(&name) else {
            throw FerryError(
                .vantageCannotListen,
                operation: "make",
                subject: "a folder in \(NSTemporaryDirectory())",
                cause: String(cString: strerror(errno)),
                advice: "Make room there, or name another with TMPDIR."
            )
        }
        folder = String(cString: made)
        let path = "\(folder)/here.sock"
        listening = try UnixVantage(
            at: path,
            permit: VantagePermit(.all, connectsPerMinute: nil),
            resolver: Resolver(.ofThisServer()),
            program: Release.version
        )
        vantage = Site.Vantage(name: "here", position: .sourceHost, reach: "unix:\(path)")
    }

    func close() {
        listening.close()
        rmdir(folder)
    }
}
