internal import FerryAddress
internal import FerryCore
internal import FerryEvidence
internal import FerryProbe
internal import FerryProcess
internal import FerryResolver
internal import FerrySite
internal import FerryTransport

/// `ferry-agent vantage`
enum Vantage {
    private static let help = """
        USAGE: ferry-agent vantage --listen PLACE... [options]

        Makes measurements from here for a diagnosis somewhere else, until it is stopped: connections, ladders of requests
        with a rising time to live, what passes here of a connection, and what this host says of itself. It needs no
        privileges; with CAP_NET_RAW it also captures packet headers.

          --listen PLACE     unix:PATH, a socket that only this user may open, or tls://ADDRESS:PORT, for operators of the
                             same authority; may be given several times
          --site FILE        the site file: no other destinations than its are connected to. Without it, whoever asks
                             through a socket may name any, and whoever asks over TLS none
          --identity DIR     ca.pem, cert.pem and key.pem, from "ferry pki issue --vantage" (default /etc/ferry)
          --most-connects-per-minute N
                             connections to one address and port in a minute (default: over TLS 30, else any number)
          --most-bytes-per-minute SIZE
                             bytes sent to one address and port in a minute (default: over TLS 256MiB, else any number)

        What it refuses is told on the standard error, one line a second at the most.

        EXIT STATUS: 0 stopped, 1 Ferry failed, 2 the input is wrong.

        """

    /// Over TLS, so much is enough for a diagnosis, and too little to harm anybody with.
    private static let usualConnects = 30
    private static let usualBytes = ByteCount.mebibytes(256)

    private struct Options {
        var places: [VantageReach] = []
        var site: Site?
        var identity: String
        var connects: Int?
        var bytes: ByteCount?
    }

    static func run(_ words: [String]) async throws -> Int32 {
        var arguments = ArgumentList(words, verb: "vantage")
        if arguments.flag("help") {
            Output.text(help)
            return 0
        }
        let options = try options(&arguments)
        let resolver = Resolver(.ofThisServer())
        let log = RefusalLog { Output.error($0) }
        var closes: [() -> Void] = []
        defer {
            for close in closes { close() }
            log.end()
        }
        for place in options.places {
            switch place {
            case .unix(let path):
                let vantage = try UnixVantage(
                    at: path,
                    permit: permit(options, isRemote: false, log),
                    resolver: resolver,
                    program: AgentProgram.release
                )
                closes.append { vantage.close() }
            case .tls(let endpoint):
                let vantage = try await TLSVantage.listen(
                    at: endpoint,
                    identity: try TLSIdentity(directory: options.identity),
                    permit: permit(options, isRemote: true, log),
                    resolver: resolver,
                    program: AgentProgram.release
                )
                closes.append { vantage.close() }
            }
            tell(place, options)
        }
        try? await StopSignals.cancelling { try await Task.sleep(for: .seconds(1_000_000_000)) }
        return 0
    }

    private static func options(_ arguments: inout ArgumentList) throws(FerryError) -> Options {
        var options = Options(identity: "/etc/ferry")
        for text in try arguments.values("listen") { options.places.append(try VantageReach(parsing: text)) }
        if let path = try arguments.value("site") { options.site = try Site(reading: path) }
        if let directory = try arguments.value("identity") { options.identity = directory }
        options.connects = try arguments.number("most-connects-per-minute", 1...100_000)
        if let text = try arguments.value("most-bytes-per-minute") { options.bytes = try ByteCount(parsing: text) }
        try arguments.end()
        guard !options.places.isEmpty else { throw arguments.error("--listen", "it is missing") }
        return options
    }

    private static func permit(_ options: Options, isRemote: Bool, _ log: RefusalLog) -> VantagePermit {
        let destinations: VantagePermit.Destinations =
            if let site = options.site { .declared(site) } else if isRemote { .none } else { .all }
        return VantagePermit(
            destinations,
            connectsPerMinute: options.connects ?? (isRemote ? usualConnects : nil),
            bytesPerMinute: options.bytes?.int ?? (isRemote ? usualBytes.int : nil),
            tell: { log.tell($0) }
        )
    }

    private static func tell(_ place: VantageReach, _ options: Options) {
        let what: String
        switch (place, options.site) {
        case (_, .some): what = "the site file's destinations may be asked for"
        case (.unix, nil): what = "without --site, whoever may open it may connect to any destination from here"
        case (.tls, nil): what = "without --site, it refuses every destination"
        }
        Output.error("ferry-agent: listening at \(place); \(what)")
    }
}
