internal import FerryAddress
internal import FerryCore
internal import FerryEvidence

extension DiagnosisEngine {
    /// Notes of what the site file has that is not so.
    var notesOfDeclarations: [Note] {
        notesOfDeclaredEnds + notesOfDeclaredSuspects + notesOfDeclaredProtocol + notesOfVantagesBeside
            + notesOfOtherAddresses
    }

    /// Notes of what is declared as another place and leads to the suspect's host.
    var notesOfDeclaredSuspects: [Note] {
        view.site.otherDestinations.filter { view.destination($0.host) == .suspectHost }.map { other in
            Note(
                kind: "declared-suspect",
                says:
                    "\(other.place), which the site file declares as another destination, is the suspect's own host: nothing was compared with it. Name one that is somewhere else.",
                arguments: [other.place],
                findings: []
            )
        }
    }

    /// Notes of vantages that could not be asked, or did not do what they were asked for: evidence about them, and none about the
    /// suspect.
    var notesOfVantages: [Note] {
        let records = done.flatMap { [$0.result.before, $0.result.probe, $0.result.after].compactMap { $0 } }
        return view.site.vantages.compactMap { vantage in
            let problem = records.last { $0.plan.vantage == vantage.name && $0.vantageProblem != nil }?.vantageProblem
            guard let says = problem ?? (unreachable.contains(vantage.name) ? "it cannot be reached" : nil) else {
                return nil
            }
            return Note(
                kind: "vantage",
                says:
                    "The vantage \(vantage.name) did not do all that it was asked for: \(says). That says nothing of the suspect.",
                arguments: [vantage.name, says],
                findings: []
            )
        }
    }

    /// Notes of a suspect that speaks another protocol than it is declared to.
    var notesOfDeclaredProtocol: [Note] {
        let others = done.filter { done in
            done.findings.contains { if case .speaksAnother = $0 { true } else { false } }
        }
        guard let record = others.last?.result.probe, let text = record.text else { return [] }
        let (place, speaks) = (view.site.suspect.place, record.plan.speaks.rawValue)
        let words = VisibleText.of(text, most: 60)
        return [
            Note(
                kind: "declared-protocol",
                says:
                    "What answers at \(place) does not speak \(speaks), it says \"\(words)\": either it is another service, or the protocol is declared wrongly. Correct protocol in the site file, or --protocol.",
                arguments: [place, speaks, words],
                findings: []
            )
        ]
    }

    /// Notes of addresses to which the suspect's name leads, too, and that nobody has asked.
    var notesOfOtherAddresses: [Note] {
        let own = done.compactMap(\.result.probe).filter {
            $0.vantageProblem == nil && CanonicalHost($0.plan.host) == CanonicalHost(view.site.suspect.host)
        }
        let known = own.flatMap { $0.resolved ?? [] }.compactMap { IPAddress(parsing: $0) }
        let asked = Set(own.compactMap { $0.destination.flatMap(IPEndpoint.init(parsing:))?.address })
        let others = Set(known).subtracting(asked).map { "\($0)" }.sorted()
        guard !asked.isEmpty, !others.isEmpty else { return [] }
        let (told, beside) = (
            asked.map { "\($0)" }.sorted().joined(separator: ", "), others.prefix(8).joined(separator: ", ")
        )
        return [
            Note(
                kind: "other-addresses",
                says:
                    "The name \(view.site.suspect.host) leads to \(asked.count + others.count) addresses, and only \(told) was asked: of \(beside) nothing is known. Diagnose each by its address, if the mover may take another one.",
                arguments: [view.site.suspect.host, told, beside],
                findings: []
            )
        ]
    }

    /// Notes of vantages that are declared to be elsewhere, and seem to be in the failing source's network.
    var notesOfVantagesBeside: [Note] {
        view.site.vantages.compactMap { vantage in
            view.besideFailing[vantage.name].map { address in
                Note(
                    kind: "vantage-beside",
                    says:
                        "The vantage \(vantage.name), which the site file declares as \(vantage.position.rawValue), has the address \(address), of a private network as the source server's: it may leave by the same address, and counts for less. Declare where it is, or name one that is elsewhere.",
                    arguments: [vantage.name, vantage.position.rawValue, "\(address)"],
                    findings: []
                )
            }
        }
    }

    /// Notes of what is declared to work and did not once, whoever has called it.
    var notesOfDeclaredEnds: [Note] {
        let site = view.site
        let alternates = site.alternatePorts.map { Site.Endpoint(host: site.suspect.host, port: $0) }
        var told: Set<Contact.End> = []
        return (site.controls + alternates + site.otherDestinations).compactMap { declared in
            let end = view.end(declared.host, declared.port)
            guard scene.hasOnlyFailed(end), told.insert(end).inserted else { return nil }
            return Note(
                kind: "declared-end",
                says:
                    "\(declared.place), which the site file declares, did not work once: either what ails the suspect ails it too, or nothing answers there. Name one that works.",
                arguments: [declared.place],
                findings: []
            )
        }
    }
}
