internal import FerryEvidence

/// Every experiment that the site allows, whether or not it is of use.
struct ExperimentCatalogue {
    let view: SiteView
    let scene: Scene

    var site: Site { view.site }
    var suspect: Site.Endpoint { view.site.suspect }

    func candidates() -> [Experiment] {
        guard let failing = site.vantages.first else { return [] }
        var all: [Experiment] = [baseline(failing), silence(failing)]
        all += ports(failing) + addresses(failing) + vantages() + destinations(failing)
        all += contents(failing) + transfers(failing) + idles(failing) + sourcePorts(failing)
        all += concurrencies(failing)
        return all.filter { experiment in experiment.needs.map { site.allow.contains($0) } ?? true }
    }

    /// What is known to work, and is no suspect itself.
    private var control: Site.Endpoint? {
        let controls = site.controls.filter { control in
            guard view.destination(control.host) == .suspectHost else { return control.port != suspect.port }
            if case .other = view.port(control.port) { return true }
            return false
        }
        return controls.first { !scene.hasOnlyFailed(view.end($0.host, $0.port)) } ?? controls.first
    }

    // MARK: plans

    func plan(_ vantage: Site.Vantage, _ host: String, _ port: UInt16, _ speaks: ServiceProtocol?) -> ProbePlan {
        var plan = ProbePlan(id: "", vantage: vantage.name, host: host, port: port, speaks: speaks ?? .tcp)
        plan.captures = view.tier >= 1
        // In the world, a request may be sent three times (RFC 6298: after 1 and 2 s more), a service look up by whom it is called
        // before it greets (two tries of 5 s), and a line that loses much pause for some timeouts. The lab has no such services,
        // and shorter patience with them.
        plan.connectSeconds = max(2.6, 5 * scene.timeScale)
        // Where silence is no failure there is nothing to wait for but an end.
        plan.answerSeconds = plan.speaks == .tcp ? 3 : max(3, 12 * scene.timeScale)
        plan.stallSeconds = max(2.2, 6 * scene.timeScale)
        plan.limitSeconds = max(20, 40 * scene.timeScale)
        return plan
    }

    func experiment(
        _ kind: Experiment.Kind,
        _ changed: String,
        _ plan: ProbePlan,
        cost: Double,
        needs: Site.Permission? = nil
    ) -> Experiment {
        var experiment = Experiment(kind, changed: changed)
        experiment.probe = plan
        experiment.contact = view.contact(plan)
        experiment.cost = cost
        experiment.needs = needs
        // A control leaves by the same vantage and address, to something that works.
        if let control, let vantage = site.vantages.first(where: { $0.name == plan.vantage }) {
            var asked = self.plan(vantage, control.host, control.port, control.speaks)
            asked.sourceAddress = plan.sourceAddress
            experiment.control = asked
        }
        return experiment
    }

    private func baseline(_ failing: Site.Vantage) -> Experiment {
        experiment(
            .baseline,
            "nothing: the suspect as it is",
            plan(failing, suspect.host, suspect.port, suspect.speaks),
            cost: 0.5
        )
    }

    /// Limits of rate and number give way when nothing is asked; blocks of days do not.
    private func silence(_ failing: Site.Vantage) -> Experiment {
        var experiment = experiment(
            .silence,
            "nothing, after \(Int(4.5 * scene.minute.rounded(.up))) s of silence",
            plan(failing, suspect.host, suspect.port, suspect.speaks),
            cost: 0.8,
            needs: .silence
        )
        experiment.silence = scene.minute * 4.5
        return experiment
    }

    private func ports(_ failing: Site.Vantage) -> [Experiment] {
        site.alternatePorts.map { port in
            experiment(
                .port,
                "the destination port: \(port)",
                plan(failing, suspect.host, port, suspect.speaks),
                cost: 0.6
            )
        }
    }

    private func addresses(_ failing: Site.Vantage) -> [Experiment] {
        site.sourceAddresses.filter { $0.via == nil && !view.isFailing($0.address) }.map { address in
            var plan = plan(failing, suspect.host, suspect.port, suspect.speaks)
            plan.sourceAddress = address.address
            return experiment(
                .sourceAddress,
                "the source address: \(address.address)",
                plan,
                cost: 1,
                needs: .sourceAddressSwap
            )
        }
    }

    private func vantages() -> [Experiment] {
        site.vantages.dropFirst().map { vantage in
            let plan = plan(vantage, suspect.host, suspect.port, suspect.speaks)
            return experiment(.vantage, "the place: \(vantage.name), \(vantage.position.rawValue)", plan, cost: 0.6)
        }
    }

    private func destinations(_ failing: Site.Vantage) -> [Experiment] {
        site.otherDestinations.filter { view.destination($0.host) != .suspectHost }.map { other in
            let speaks = other.speaks ?? (other.port == suspect.port ? suspect.speaks : .tcp)
            let plan = plan(failing, other.host, other.port, speaks)
            return experiment(.destination, "the destination: \(other.name ?? other.host)", plan, cost: 0.6)
        }
    }

    /// Between so many connections that are opened at the same time a limit shows; more would be a burdening of others.
    private static let concurrencies = 9...64

    /// Several connections to places that have nothing to do with the suspect: only a limit of the site's own counts them.
    private func concurrencies(_ failing: Site.Vantage) -> [Experiment] {
        let count = (scene.failingConcurrency ?? 16).clamped(to: ExperimentCatalogue.concurrencies)
        return site.otherDestinations.compactMap { other in
            guard other.relation == .otherCloud || other.relation == .unrelated, other.port != suspect.port,
                view.destination(other.host) != .suspectHost
            else { return nil }
            var plan = plan(failing, other.host, other.port, other.speaks)
            plan.concurrency = count
            return experiment(
                .concurrency,
                "the number of connections and the destination: \(count) at the same time to \(other.name ?? other.host)",
                plan,
                cost: 2,
                needs: .rateTest
            )
        }
    }

    /// The suspect from the local port beside `port`, which every common way of spreading connections treats as another one.
    func beside(_ port: UInt16) -> Experiment? {
        guard let failing = site.vantages.first, port > 1023 else { return nil }
        var plan = plan(failing, suspect.host, suspect.port, suspect.speaks)
        let beside = port < .max ? port + 1 : port - 1
        plan.sourcePort = beside
        return experiment(.sourcePort, "the local port: \(beside), beside the one that had failed", plan, cost: 0.8)
    }

    /// The local port that had failed, again: what spreads connections by a hash does the same to the same.
    private func sourcePorts(_ failing: Site.Vantage) -> [Experiment] {
        guard let failingPort = view.failingPort, failingPort > 1023 else { return [] }
        var again = plan(failing, suspect.host, suspect.port, suspect.speaks)
        again.sourcePort = failingPort
        var all = [experiment(.sourcePort, "the local port: \(failingPort), which had failed", again, cost: 0.8)]
        for other in site.otherDestinations
        where other.port == suspect.port && view.destination(other.host) != .suspectHost {
            var plan = plan(failing, other.host, other.port, suspect.speaks)
            plan.sourcePort = failingPort
            all.append(
                experiment(
                    .sourcePort,
                    "the local port: \(failingPort), to \(other.name ?? other.host)",
                    plan,
                    cost: 0.8
                )
            )
        }
        return all
    }
}
