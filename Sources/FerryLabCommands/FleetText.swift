internal import FerryCore
internal import FerryLab
internal import Foundation

/// A fleet in words, or as JSON.
struct FleetText {
    let isJSON: Bool

    /// How it goes.
    func line(_ progress: FleetProgress, after last: FleetProgress?) -> String {
        if isJSON {
            return JSONText.object { json in
                json.member("event", "progress")
                json.member("phase", progress.phase.rawValue)
                json.member("seconds", progress.seconds)
                json.member("verified", progress.verified)
                json.member("failed", progress.failed)
                json.member("running", progress.running)
                json.member("waiting", progress.waiting)
                json.member("wireBytes", progress.wireBytes.bytes)
            }
        }
        let time = FleetText.right(String(format: "%.0f s", progress.seconds), 7)
        switch progress.phase {
        case .network: return "\(time)  building the network"
        case .staging: return "\(time)  starting the staging server"
        case .end: return "\(time)  all jobs have ended; ending the staging server"
        case .jobs:
            let passed = progress.seconds - (last?.seconds ?? 0)
            let before = last?.wireBytes ?? .zero
            let rate = passed > 0 ? Double((progress.wireBytes - before).bytes) * 8 / passed : 0
            return "\(time)  verified \(FleetText.right(progress.verified, 3)), failed \(progress.failed), "
                + "under way \(FleetText.right(progress.running, 3)), waiting \(FleetText.right(progress.waiting, 3)); "
                + "\(progress.wireBytes) on the wire, \(BitRate(bitsPerSecond: UInt64(rate)))"
        }
    }

    /// It was stopped.
    var stopped: String {
        isJSON ? JSONText.object { $0.member("event", "stopped") } : "Stopped; nothing of it is left."
    }

    /// What came of it.
    func report(_ report: FleetReport) -> String { isJSON ? json(report) : words(report) }

    private func words(_ report: FleetReport) -> String {
        let options = report.options
        let jobs = report.secondsOfAJob.map { String(format: "%.1f", $0) }
        var rows: [(String, String)] = [
            (
                "sources",
                "\(options.sources), a namespace each; disks of \(options.disk), \(options.atOnce) jobs at a time"
            ),
            ("verified", "\(report.verified)"),
            ("failed", "\(report.failures.count)"),
            ("interruptions", "\(report.interruptions)"),
            ("wall time", FleetText.seconds(report.jobSeconds) + " for all jobs"),
        ]
        if jobs.count == 3 {
            rows.append(("", "\(jobs[0]) s the shortest, \(jobs[1]) s the median, \(jobs[2]) s the longest"))
        }
        rows += [
            (
                "on the wire",
                "\(report.forward.bytes + report.back.bytes), of which the agents' frames are \(report.sentBytes)"
            ),
            ("already there", "\(report.alreadyThereBytes) of content were not sent again"),
            ("", ""),
            ("the lab", "\(report.namespaces) namespaces, built in \(FleetText.seconds(report.buildSeconds))"),
        ]
        if let slab = report.slab, let unavailable = report.unavailable, report.namespaces > 0 {
            let each = (slab.bytes / UInt64(report.namespaces), unavailable.bytes / UInt64(report.namespaces))
            rows.append(
                ("  memory", "\(ByteCount(each.0)) of slab for each namespace, \(ByteCount(each.1)) less available")
            )
        }
        rows += [
            (
                "  packets",
                "\(report.forward.count) to the staging server, \(report.back.count) back, "
                    + "\(report.forward.lost + report.back.lost) lost"
            ),
            (
                "  processor",
                FleetText.time(report.labTime) + ", of which the lines "
                    + FleetText.seconds(report.linesSeconds)
            ),
            ("  ip and nft", FleetText.time(report.toolsTime)),
            ("  share", String(format: "%.0f %% of all processor time", report.labShare * 100)),
            ("  Ferry", ""),
            ("  agents", FleetText.time(report.agentsTime) + ", at most \(report.mostAgentMemory) resident each"),
            ("  staging", FleetText.time(report.stagingTime) + ", at most \(report.mostStagingMemory) resident"),
            ("  identities", FleetText.time(report.identitiesTime)),
        ]
        let table = rows.map { name, value in
            value.isEmpty ? name : "  " + name.padding(toLength: 15, withPad: " ", startingAt: 0) + value
        }
        let failures = report.failures.prefix(10).map { "  FAILED \($0.job): \($0.why)" }
        let more = report.failures.count > 10 ? ["  and \(report.failures.count - 10) more"] : []
        return ([""] + table + failures + more).joined(separator: "\n")
    }

    private func json(_ report: FleetReport) -> String {
        JSONText.object { json in
            json.member("event", "report")
            json.member("sources", report.options.sources)
            json.member("atOnce", report.options.atOnce)
            json.member("diskBytes", report.options.disk.bytes)
            json.member("verified", report.verified)
            json.member("failed", report.failures.count)
            json.member("interruptions", report.interruptions)
            json.member("jobSeconds", report.jobSeconds)
            json.member("secondsOfAJob", array: { list in for one in report.secondsOfAJob { list.value(one) } })
            json.member("wireBytes", (report.forward.bytes + report.back.bytes).bytes)
            json.member("sentBytes", report.sentBytes.bytes)
            json.member("alreadyThereBytes", report.alreadyThereBytes.bytes)
            json.member(
                "lab",
                object: { lab in
                    lab.member("namespaces", report.namespaces)
                    lab.member("buildSeconds", report.buildSeconds)
                    lab.member("slabBytes", report.slab?.bytes)
                    lab.member("unavailableBytes", report.unavailable?.bytes)
                    lab.member("packetsForward", report.forward.count)
                    lab.member("packetsBack", report.back.count)
                    lab.member("packetsLost", report.forward.lost + report.back.lost)
                    lab.member("processorSeconds", report.labTime.total)
                    lab.member("linesProcessorSeconds", report.linesSeconds)
                    lab.member("toolsProcessorSeconds", report.toolsTime.total)
                    lab.member("share", report.labShare)
                }
            )
            json.member("agentsProcessorSeconds", report.agentsTime.total)
            json.member("agentsMostBytes", report.mostAgentMemory.bytes)
            json.member("stagingProcessorSeconds", report.stagingTime.total)
            json.member("stagingMostBytes", report.mostStagingMemory.bytes)
            json.member("identitiesProcessorSeconds", report.identitiesTime.total)
            json.member(
                "failures",
                array: { list in
                    for one in report.failures {
                        list.object { failure in
                            failure.member("job", one.job)
                            failure.member("why", one.why)
                        }
                    }
                }
            )
        }
    }

    private static func seconds(_ value: Double) -> String { String(format: "%.1f s", value) }

    private static func time(_ time: ProcessorTime) -> String {
        "\(seconds(time.total)) (\(seconds(time.user)) of its own, \(seconds(time.system)) in the kernel)"
    }

    private static func right(_ value: some CustomStringConvertible, _ width: Int) -> String {
        let text = "\(value)"
        return String(repeating: " ", count: max(0, width - text.count)) + text
    }
}
