internal import FerryReplication

/// For machines: one JSON object a line, as docs/manual/events.md lists them.
struct JSONReport: Report {
    let job: String

    func tell(_ event: ReplicationEvent) { Output.line(EventText.line(event, job: job)) }
}
