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
        folder = "\(NSTemporaryDirectory())ferry-\(getpid())"
        mkdir(folder, 0o700)
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
