internal import FerryEvidence

/// Every experiment that the site allows, whether or not it is of use.
struct ExperimentCatalogue {
    let view: SiteView
    let scene: Scene

    private var site: Site { view.site }
    private var suspect: Site.Endpoint { view.site.suspect }

    func candidates() -> [Experiment] {
        guard let failing = site.vantages.first else { return [] }
        var all: [Experiment] = [baseline(failing), silence(failing)]
        all += ports(failing) + addresses(failing) + vantages() + destinations(failing)
        all += contents(failing) + transfers(failing) + idles(failing) + sourcePorts(failing)
        all.removeAll { experiment in experiment.probe?.payload.map { !isTaken($0.kind) } ?? false }
        return all.filter { experiment in experiment.needs.map { site.allow.contains($0) } ?? true }
    }

    /// What is known to work, and is no suspect itself.
    private var control: Site.Endpoint? {
        site.controls.first { control in
            guard view.destination(control.host) == .suspectHost else { return control.port != suspect.port }
            if case .other = view.port(control.port) { return true }
            return false
        }
    }

    // MARK: plans

    private func plan(_ vantage: Site.Vantage, _ host: String, _ port: UInt16, _ speaks: ServiceProtocol?) -> ProbePlan
    {
        var plan = ProbePlan(id: "", vantage: vantage.name, host: host, port: port, speaks: speaks ?? .tcp)
        plan.captures = view.tier >= 1
        plan.connectSeconds = 2.6
        plan.answerSeconds = 3
        plan.stallSeconds = 2.2
        plan.limitSeconds = 20
        return plan
    }

    private func experiment(
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
        site.sourceAddresses.filter { $0.via == nil }.map { address in
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
        site.otherDestinations.map { other in
            let speaks = other.speaks ?? (other.port == suspect.port ? suspect.speaks : .tcp)
            let plan = plan(failing, other.host, other.port, speaks)
            return experiment(.destination, "the destination: \(other.name ?? other.host)", plan, cost: 0.6)
        }
    }

    /// Content: as clients send it, and the same turned over; from where it fails and from elsewhere.
    private func contents(_ failing: Site.Vantage) -> [Experiment] {
        var all: [Experiment] = []
        for vantage in site.vantages where vantage.position != .service {
            for kind in [ProbePayload.Kind.real, .inverted] where kind == .real || vantage.name == failing.name {
                var plan = plan(vantage, suspect.host, suspect.port, suspect.speaks)
                plan.payload = ProbePayload(kind, bytes: 8192)
                all.append(
                    experiment(.content, "the content: \(kind.rawValue) from \(vantage.name)", plan, cost: 0.9)
                )
            }
        }
        for other in site.otherDestinations where other.port == suspect.port {
            var plan = plan(failing, other.host, other.port, suspect.speaks)
            plan.payload = ProbePayload(.real, bytes: 8192)
            all.append(experiment(.content, "the content: real to \(other.name ?? other.host)", plan, cost: 0.9))
        }
        return all
    }

    /// Whether a service takes content of somebody it does not know: others end what they do not understand, and would seem
    /// broken. rsync's reads whatever comes before it judges, HTTP's what looks like a request.
    static func takesContent(_ speaks: ServiceProtocol?) -> Bool { speaks == .rsync || speaks == .http }

    private func isTaken(_ kind: ProbePayload.Kind) -> Bool {
        Self.takesContent(suspect.speaks) && (kind == .real || suspect.speaks != .http)
    }

    /// Bits per second that no line minds.
    private static let gentle = 1_000_000.0

    /// What transfers are made of.
    private var filling: ProbePayload.Kind { suspect.speaks == .http ? .real : .random }

    private var bulk: Int { max(1 << 20, min(8 << 20, (scene.failingBytes ?? 0) * 5 / 4)) }

    /// Transfers: along parts of the path, with small segments, slowly, several at once.
    private func transfers(_ failing: Site.Vantage) -> [Experiment] {
        var all: [Experiment] = []
        func add(
            _ kind: Experiment.Kind,
            _ changed: String,
            _ vantage: Site.Vantage,
            _ host: String,
            _ port: UInt16,
            cost: Double,
            bytes: Int,
            _ change: (inout ProbePlan) -> Void = { _ in }
        ) {
            var plan = plan(vantage, host, port, suspect.speaks)
            plan.payload = ProbePayload(filling, bytes: bytes)
            // What has not sent a mebibyte by then is slow, however long it goes on; the time is better spent elsewhere.
            if bytes <= 1 << 20 { plan.limitSeconds = min(20, max(8, scene.minute * 2.5)) }
            change(&plan)
            // Whatever goes as fast as it can fills a line.
            let fills = plan.payload?.bitsPerSecond == nil
            all.append(experiment(kind, changed, plan, cost: cost, needs: fills ? .rateTest : nil))
        }
        for vantage in site.vantages where vantage.position != .service {
            add(
                .transfer,
                "content: \(bulk / 1024) KiB from \(vantage.name)",
                vantage,
                suspect.host,
                suspect.port,
                cost: 1.5,
                bytes: bulk
            )
        }
        for port in site.alternatePorts {
            add(
                .transfer,
                "content and port: \(bulk / 1024) KiB to port \(port)",
                failing,
                suspect.host,
                port,
                cost: 1.6,
                bytes: bulk
            )
        }
        for other in site.otherDestinations where other.port == suspect.port {
            add(
                .transfer,
                "content and destination: \(bulk / 1024) KiB to \(other.name ?? other.host)",
                failing,
                other.host,
                other.port,
                cost: 1.6,
                bytes: bulk
            )
        }
        add(
            .segmentSize,
            "the segments: 536 bytes at most",
            failing,
            suspect.host,
            suspect.port,
            cost: 1.5,
            bytes: 256 * 1024
        ) {
            $0.options = ProbeOptions()
            $0.options?.maximumSegment = 536
            if !site.allow.contains(.rateTest) { $0.payload?.bitsPerSecond = ExperimentCatalogue.gentle }
        }
        add(.rate, "the rate: 1 Mbit/s", failing, suspect.host, suspect.port, cost: 1.7, bytes: 512 * 1024) {
            $0.payload?.bitsPerSecond = ExperimentCatalogue.gentle
        }
        return all
    }

    /// Silence within the connection: as long as the one that had failed, or some that are usual.
    private func idles(_ failing: Site.Vantage) -> [Experiment] {
        var all: [Experiment] = []
        let idle = scene.failingIdle.map { $0 * 1.05 } ?? scene.minute * 1.5
        func add(_ vantage: Site.Vantage, _ host: String, _ port: UInt16, _ what: String) {
            var plan = plan(vantage, host, port, suspect.speaks)
            plan.idleSeconds = idle
            plan.payload = ProbePayload(filling, bytes: 1024)
            plan.limitSeconds = idle + 20
            all.append(experiment(.idle, "silence within the connection\(what)", plan, cost: 1 + idle / scene.minute))
        }
        for vantage in site.vantages where vantage.position != .service {
            add(vantage, suspect.host, suspect.port, ": from \(vantage.name)")
        }
        for port in site.alternatePorts { add(failing, suspect.host, port, ": port \(port)") }
        for other in site.otherDestinations where other.port == suspect.port {
            add(failing, other.host, other.port, ": to \(other.name ?? other.host)")
        }
        return all
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
        for other in site.otherDestinations where other.port == suspect.port {
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
