internal import FerryEvidence

extension DiagnosisEngine {
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
