internal import FerryCore
internal import FerryEvidence

extension ServiceProtocol {
    /// Whether a service may take content of somebody it does not know: others end what they do not understand, and would seem
    /// broken. HTTP's takes what looks like a request, TLS' one hello; of rsync's some read whatever comes and some end it, which
    /// `ForeignContentEnd` is about.
    func takes(_ kind: ProbePayload.Kind, bytes: Int) -> Bool {
        switch self {
        case .rsync: true
        case .http: kind == .real
        case .tls, .ferry: kind == .real && bytes <= ServiceProtocol.longestHello
        case .tcp: false
        }
    }

    /// Whether it takes enough of it to tell of loss and rates.
    var takesBulk: Bool { takes(.real, bytes: Contact.bulk) }

    /// What transfers to it are made of.
    var filling: ProbePayload.Kind { self == .rsync ? .random : .real }
}

/// Experiments that send content.
extension ExperimentCatalogue {
    /// An end that content is sent to.
    private struct Sink {
        var host: String
        var port: UInt16
        var speaks: ServiceProtocol
        /// What is changed by it, before the rest is said; empty for the suspect.
        var change = ""
        /// Where that leads; empty for the suspect.
        var place = ""
    }

    private var speaks: ServiceProtocol { suspect.speaks ?? .tcp }

    private func takesBulk(_ host: String, _ port: UInt16, _ speaks: ServiceProtocol?) -> Bool {
        speaks?.takesBulk ?? false && !scene.takesLittle.contains(Place.text(host, port))
    }

    private var suspectTakesBulk: Bool { takesBulk(suspect.host, suspect.port, speaks) }

    /// Where the failing vantage's transfers go: to the suspect, or, if that takes none of anybody, to what works at its host. The
    /// way there is the same but for the port.
    private var nearest: Sink? {
        if suspectTakesBulk { return Sink(host: suspect.host, port: suspect.port, speaks: speaks) }
        let control = site.controls.first {
            view.destination($0.host) == .suspectHost && takesBulk($0.host, $0.port, $0.speaks)
        }
        return control.map { control in
            Sink(
                host: control.host,
                port: control.port,
                speaks: control.speaks ?? .tcp,
                change: " and port",
                place: " to port \(control.port)"
            )
        }
    }

    private var alternates: [Sink] {
        guard suspectTakesBulk else { return [] }
        return site.alternatePorts.map {
            Sink(host: suspect.host, port: $0, speaks: speaks, change: " and port", place: " to port \($0)")
        }
    }

    private var elsewhere: [Sink] {
        site.otherDestinations.compactMap { other in
            let own = other.speaks ?? (other.port == suspect.port ? speaks : .tcp)
            // What the suspect takes is sent where it goes, too; else whatever takes anything is better than nothing.
            guard takesBulk(other.host, other.port, own), !suspectTakesBulk || other.port == suspect.port else {
                return nil
            }
            return Sink(
                host: other.host,
                port: other.port,
                speaks: own,
                change: " and destination",
                place: " to \(other.name ?? other.host)"
            )
        }
    }

    /// Those from which it makes sense to send.
    private var senders: [Site.Vantage] { site.vantages.filter { $0.position != .service } }

    /// Whether anything that is declared takes content.
    var sendsContent: Bool { speaks.takes(.real, bytes: 1) || sendsBulk }
    /// Whether anything that is declared takes enough of it to tell of loss and rates.
    var sendsBulk: Bool { nearest != nil || !elsewhere.isEmpty }
    /// Whether the suspect does.
    var sendsBulkToSuspect: Bool { suspectTakesBulk }

    /// Bytes of content that fill several segments, and that a hello may have.
    private static let little = 8192

    /// Content: as clients send it, and the same turned over; from where it fails and from elsewhere.
    func contents(_ failing: Site.Vantage) -> [Experiment] {
        let bytes = ExperimentCatalogue.little
        var all: [Experiment] = []
        for vantage in senders {
            for kind in [ProbePayload.Kind.real, .inverted] where kind == .real || vantage.name == failing.name {
                guard speaks.takes(kind, bytes: bytes) else { continue }
                var plan = plan(vantage, suspect.host, suspect.port, speaks)
                plan.payload = ProbePayload(kind, bytes: bytes)
                all.append(
                    experiment(.content, "the content: \(kind.rawValue) from \(vantage.name)", plan, cost: 0.9)
                )
            }
        }
        for other in site.otherDestinations where other.port == suspect.port && speaks.takes(.real, bytes: bytes) {
            var plan = plan(failing, other.host, other.port, speaks)
            plan.payload = ProbePayload(.real, bytes: bytes)
            all.append(experiment(.content, "the content: real to \(other.name ?? other.host)", plan, cost: 0.9))
        }
        return all
    }

    /// Bits per second that no line minds.
    private static let gentle = 1_000_000.0

    private var bulk: Int { max(1 << 20, min(8 << 20, (scene.failingBytes ?? 0) * 5 / 4)) }

    /// A transfer. Whatever goes as fast as it can fills a line, and needs a yes.
    private func transfer(
        _ kind: Experiment.Kind,
        _ changed: String,
        _ vantage: Site.Vantage,
        _ sink: Sink,
        cost: Double,
        bytes: Int,
        rate: Double? = nil
    ) -> Experiment {
        var plan = plan(vantage, sink.host, sink.port, sink.speaks)
        plan.payload = ProbePayload(sink.speaks.filling, bytes: bytes, bitsPerSecond: rate)
        // What has not sent a mebibyte by then is slow, however long it goes on; the time is better spent elsewhere.
        if bytes <= 1 << 20 { plan.limitSeconds = min(20, max(8, scene.minute * 2.5)) }
        return experiment(kind, changed, plan, cost: cost, needs: rate == nil ? .rateTest : nil)
    }

    /// Transfers: along parts of the path, with small segments, slowly.
    func transfers(_ failing: Site.Vantage) -> [Experiment] {
        var all: [Experiment] = []
        let size = "\(bulk / 1024) KiB"
        if let nearest {
            for vantage in senders {
                all.append(
                    transfer(
                        .transfer,
                        "content\(nearest.change): \(size) from \(vantage.name)\(nearest.place)",
                        vantage,
                        nearest,
                        cost: 1.5,
                        bytes: bulk
                    )
                )
            }
        }
        for sink in alternates + elsewhere {
            let changed = "content\(sink.change): \(size)\(sink.place)"
            all.append(transfer(.transfer, changed, failing, sink, cost: 1.6, bytes: bulk))
        }
        all += smallSegments(failing)
        if let nearest {
            let changed = "content\(nearest.change) and the rate: 512 KiB at 1 Mbit/s\(nearest.place)"
            let gentle = ExperimentCatalogue.gentle
            all.append(transfer(.rate, changed, failing, nearest, cost: 1.7, bytes: 512 * 1024, rate: gentle))
        }
        return all
    }

    /// What goes through if it is cut small was too large for the way before.
    private func smallSegments(_ failing: Site.Vantage) -> [Experiment] {
        let gentle = site.allow.contains(.rateTest) ? nil : ExperimentCatalogue.gentle
        var all = [nearest].compactMap { $0 }.map { sink in
            let changed = "content\(sink.change) and the segments: 256 KiB in 536 bytes at most\(sink.place)"
            return transfer(.segmentSize, changed, failing, sink, cost: 1.5, bytes: 256 * 1024, rate: gentle)
        }
        if !suspectTakesBulk, speaks.takes(.real, bytes: ExperimentCatalogue.little) {
            var plan = plan(failing, suspect.host, suspect.port, speaks)
            plan.payload = ProbePayload(.real, bytes: ExperimentCatalogue.little)
            all.append(
                experiment(.segmentSize, "the content and the segments: 8 KiB in 536 bytes at most", plan, cost: 1)
            )
        }
        for index in all.indices {
            all[index].probe?.options = ProbeOptions()
            all[index].probe?.options?.maximumSegment = 536
            if let plan = all[index].probe { all[index].contact = view.contact(plan) }
        }
        return all
    }

    /// Silence within the connection: as long as the one that had failed, or some that are usual. Only of services that let
    /// whoever has greeted take its time.
    func idles(_ failing: Site.Vantage) -> [Experiment] {
        var all: [Experiment] = []
        let idle = scene.failingIdle.map { $0 * 1.05 } ?? scene.minute * 1.5
        func add(_ vantage: Site.Vantage, _ sink: Sink, _ what: String) {
            var plan = plan(vantage, sink.host, sink.port, sink.speaks)
            plan.idleSeconds = idle
            plan.payload = ProbePayload(sink.speaks.filling, bytes: 1024)
            plan.limitSeconds = idle + 20
            all.append(
                experiment(.idle, "the silence within the connection\(what)", plan, cost: 1 + idle / scene.minute)
            )
        }
        guard speaks.takesBulk else {
            for sink in elsewhere where sink.speaks == .rsync { add(failing, sink, ":\(sink.place)") }
            return all
        }
        // A little content after the silence is enough, also for those that take no more.
        let own = Sink(host: suspect.host, port: suspect.port, speaks: speaks)
        for vantage in senders { add(vantage, own, ": from \(vantage.name)") }
        for sink in alternates + elsewhere { add(failing, sink, ":\(sink.place)") }
        return all
    }
}
