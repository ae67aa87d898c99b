internal import FerryCore
internal import FerryReplication
internal import FerryTransport

/// An event as one line of JSON.
enum EventText {
    static func line(_ event: ReplicationEvent, job: String) -> String {
        JSONText.object { json in
            json.member("time", UTCTime.now().description)
            json.member("event", name(event))
            json.member("job", job)
            write(event, to: &json)
        }
    }

    private static func name(_ event: ReplicationEvent) -> String {
        switch event {
        case .laneStarted: "lane-started"
        case .laneEnded: "lane-ended"
        case .connecting: "connecting"
        case .waiting: "waiting"
        case .stalled: "stalled"
        case .passStarted: "pass-started"
        case .finding: "finding"
        case .damaged: "damaged"
        case .freezing: "freezing"
        case .frozen: "frozen"
        case .thawed: "thawed"
        case .resting: "resting"
        case .progress: "progress"
        case .verifying: "verifying"
        case .repairing: "repairing"
        case .verified: "verified"
        }
    }

    private static func write(_ event: ReplicationEvent, to json: inout JSONText) {
        switch event {
        case .laneStarted(let endpoint, let source, let observed, let roundTrip):
            json.member("endpoint", endpoint)
            json.member("source", source)
            json.member("observedSource", observed)
            json.member("openSeconds", roundTrip / .seconds(1))
        case .laneEnded(let end): end.write(to: &json)
        case .connecting(let endpoint, let since):
            json.member("endpoint", endpoint)
            json.member("sinceSeconds", since / .seconds(1))
        case .waiting(let delay, let since, let why):
            json.member("nextTrySeconds", delay / .seconds(1))
            json.member("unreachableSeconds", since / .seconds(1))
            json.member("why", why)
        case .stalled(let since, let says):
            json.member("sinceSeconds", since / .seconds(1))
            json.member("says", says)
        case .passStarted(let disk, let pass, let isResumed, let used, let size):
            json.member("disk", disk)
            json.member("pass", pass)
            json.member("resumed", isResumed)
            json.member("usedBytes", used.bytes)
            json.member("diskBytes", size.bytes)
        case .finding(let disk, let text):
            json.member("disk", disk)
            json.member("says", text)
        case .damaged(let disk, let extents):
            json.member("disk", disk)
            json.member(
                "extents",
                array: { json in
                    for extent in extents {
                        json.object {
                            $0.member("offset", extent.start.bytes)
                            $0.member("length", extent.length.bytes)
                        }
                    }
                }
            )
        case .freezing(let mountPoints):
            json.member("mountPoints", array: { json in for point in mountPoints { json.value(point) } })
        case .frozen(let mountPoints, let limit):
            json.member("mountPoints", array: { json in for point in mountPoints { json.value(point) } })
            json.member("limitSeconds", limit / .seconds(1))
        case .thawed(let after, let inTime):
            json.member("seconds", after / .seconds(1))
            json.member("inTime", inTime)
        case .resting(let delay): json.member("nextPassSeconds", delay / .seconds(1))
        case .progress(let progress): write(progress, to: &json)
        case .verifying(let disk, let done, let total):
            json.member("disk", disk)
            json.member("doneBytes", done.bytes)
            json.member("totalBytes", total.bytes)
        case .repairing(let disk, let regions):
            json.member("disk", disk)
            json.member("regions", regions)
        case .verified(let disk, let pass, let generation, let root, let seconds):
            json.member("disk", disk)
            json.member("pass", pass)
            json.member("generation", generation)
            json.member("root", root.description)
            json.member("seconds", seconds)
        }
    }

    private static func write(_ progress: ReplicationProgress, to json: inout JSONText) {
        json.member("totalBytes", progress.total)
        json.member("scannedBytes", progress.scanned)
        json.member("readBytes", progress.read)
        json.member("unusedBytes", progress.unused)
        json.member("zeroBytes", progress.zero)
        json.member("dataBytes", progress.data)
        json.member("unchangedBytes", progress.unchanged)
        json.member("damagedBytes", progress.damaged)
        json.member("alreadyThereBytes", progress.alreadyThere)
        json.member("contentBytes", progress.unpacked)
        json.member("packedBytes", progress.packed)
        json.member("sentAgainBytes", progress.sentAgain)
        json.member("sentBytes", progress.sent)
        json.member("durableBytes", progress.durable)
        json.member("interruptions", progress.interruptions)
        json.member("bytesPerSecond", progress.rate)
        if let remaining = progress.remainingSeconds { json.member("remainingSeconds", remaining) }
        json.member("zstdLevel", progress.level)
    }
}
