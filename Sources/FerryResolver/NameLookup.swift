internal import FerryAddress

/// Looks one full name up: every name server in turn, both families, aliases, TCP where a datagram is too short.
struct NameLookup {
    /// How it ended.
    enum Outcome {
        case found(Resolution)
        case noSuchName(IPEndpoint)
        case noAddress(IPEndpoint)
        case failed([ServerReport])
    }

    let configuration: ResolverConfiguration
    let deadline: Deadline

    /// How often an alias whose target the server did not look up itself is looked up in its place.
    static let mostRestarts = 8

    func run(_ name: DomainName) -> Outcome {
        var name = name
        var aliases: [DomainName] = []
        for _ in 0...NameLookup.mostRestarts {
            switch lookUp(name) {
            case .ended(.found(var resolution)):
                resolution.aliases = aliases + resolution.aliases
                return .found(resolution)
            case .ended(let outcome): return outcome
            case .goesOn(let more, let server):
                aliases += more
                guard let last = more.last, aliases.count <= FamilyAnswer.mostAliases else {
                    return .failed([ServerReport(server: server, failure: .unreadable)])
                }
                name = last
            }
        }
        return .failed([])
    }

    private enum Step {
        case ended(Outcome)
        case goesOn([DomainName], IPEndpoint)
    }

    private func lookUp(_ name: DomainName) -> Step {
        var reports: [ServerReport] = []
        for _ in 0..<configuration.attempts {
            for server in configuration.servers {
                if deadline.hasPassed { return .ended(.failed(reports)) }
                let answers = ask(server, name)
                if let step = combine(answers, server) { return step }
                for case .failure(let failure) in answers {
                    reports.append(ServerReport(server: server, failure: failure))
                }
            }
        }
        return .ended(.failed(reports))
    }

    /// What both families together say; nil if the next server should be asked.
    private func combine(_ answers: [FamilyAnswer], _ server: IPEndpoint) -> Step? {
        var found = Resolution(addresses: [], source: .nameServer(server))
        var longest: [DomainName] = []
        for answer in answers {
            switch answer {
            case .addresses(let addresses, let aliases, let secondsToLive):
                found.addresses += addresses
                found.aliases = aliases
                found.secondsToLive = min(found.secondsToLive ?? .max, secondsToLive)
            case .nothing(let aliases): longest = aliases.isEmpty ? longest : aliases
            case .noSuchName, .failure: break
            }
        }
        if !found.addresses.isEmpty { return .ended(.found(found)) }
        if answers.contains(.noSuchName) { return .ended(.noSuchName(server)) }
        if answers.contains(where: { if case .failure = $0 { true } else { false } }) { return nil }
        return longest.isEmpty ? .ended(.noAddress(server)) : .goesOn(longest, server)
    }

    private func ask(_ server: IPEndpoint, _ name: DomainName) -> [FamilyAnswer] {
        let queries = AddressFamily.allCases.map { DNSQuery(id: QueryID.random(), name: name, family: $0) }
        let patience = deadline.atMost(configuration.timeout)
        var outcomes: [DatagramExchange.Outcome] =
            configuration.usesOnlyTCP ? [] : DatagramExchange.ask(queries, server, until: patience)
        if configuration.usesOnlyTCP {
            outcomes = queries.map { StreamExchange.ask($0, server, until: deadline.atMost(configuration.timeout)) }
        }
        return zip(queries, outcomes).map { query, outcome in
            switch outcome {
            case .failure(let failure): return .failure(ServerFailure(failure))
            case .success(let message) where !message.isTruncated:
                return FamilyAnswer(message, of: name, query.family)
            case .success(let message):
                switch StreamExchange.ask(query, server, until: deadline.atMost(configuration.timeout)) {
                case .success(let whole): return FamilyAnswer(whole, of: name, query.family)
                case .failure(let failure):
                    // Where TCP to port 53 is closed, the addresses that did fit are still true.
                    let part = FamilyAnswer(message, of: name, query.family)
                    if case .addresses = part { return part }
                    return .failure(ServerFailure(failure))
                }
            }
        }
    }
}
