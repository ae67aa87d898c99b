internal import FerryCore
internal import FerryProbe
internal import FerryProcess
internal import FerryResolver

/// `ferry-agent vantage`
enum Vantage {
    private static let help = """
        USAGE: ferry-agent vantage --listen unix:PATH [options]

        Makes measurements from here for a diagnosis somewhere else, until it is stopped: connections, ladders of requests
        with a rising time to live, what passes here of a connection, and what this host says of itself. It needs no
        privileges; with CAP_NET_RAW it also captures packet headers.

          --listen PLACE     unix:PATH, a socket that only this user may open
          --most-connects-per-minute N
                             connections to one address and port in a minute (default: as many as asked for)

        EXIT STATUS: 0 stopped, 1 Ferry failed, 2 the input is wrong.

        """

    static func run(_ words: [String]) async throws -> Int32 {
        var arguments = ArgumentList(words, verb: "vantage")
        if arguments.flag("help") {
            Output.text(help)
            return 0
        }
        var places: [VantageReach] = []
        for text in try arguments.values("listen") { places.append(try VantageReach(parsing: text)) }
        let most = try arguments.number("most-connects-per-minute", 1...100_000)
        try arguments.end()
        guard !places.isEmpty else { throw arguments.error("--listen", "it is missing") }
        let resolver = Resolver(.ofThisServer())
        let permit = VantagePermit(.all, connectsPerMinute: most)
        var listening: [UnixVantage] = []
        defer { for vantage in listening { vantage.close() } }
        for place in places {
            guard case .unix(let path) = place else {
                throw arguments.error("--listen \(place)", "it is not a socket of this machine")
            }
            listening.append(
                try UnixVantage(at: path, permit: permit, resolver: resolver, program: AgentProgram.release)
            )
            Output.error(
                "ferry-agent: listening at \(place); whoever may open it may connect to any destination from here"
            )
        }
        try? await StopSignals.cancelling { try await Task.sleep(for: .seconds(1_000_000_000)) }
        return 0
    }
}
