internal import FerryAddress
internal import FerryCore
internal import FerryPreCheck
internal import FerryReplication
internal import FerryTransport

/// Everything that a pre-check showed.
struct CheckReport {
    var job: String?
    var disks: [DiskFindings] = []
    var endpoints: [EndpointMeasurement] = []
    var findings: [PreCheckFinding] = []

    /// How many findings are of `level`.
    func count(_ level: PreCheckFinding.Level) -> Int { findings.count { $0.level == level } }

    /// The last line for people.
    var summary: String {
        let critical = count(.critical)
        let warnings = count(.warning)
        let numbers = "\(critical) critical, \(warnings) warning\(warnings == 1 ? "" : "s"), \(count(.ok)) OK"
        if critical > 0 { return "\(numbers): the move would fail" }
        return warnings > 0 ? "\(numbers): the move can begin; see the warnings" : "\(numbers): the move can begin"
    }

    /// The report as one JSON object.
    var json: String {
        JSONText.object { json in
            json.member("time", UTCTime.now().description)
            json.member("release", AgentProgram.release)
            json.member("job", job)
            json.member("critical", count(.critical))
            json.member("warnings", count(.warning))
            json.member(
                "findings",
                array: { json in
                    for finding in findings { finding.write(to: &json) }
                }
            )
            json.member(
                "disks",
                array: { json in
                    for disk in disks {
                        json.object {
                            $0.member("disk", disk.path)
                            $0.member("sizeBytes", disk.size.bytes)
                            $0.member("usedBytes", disk.used.bytes)
                        }
                    }
                }
            )
            json.member(
                "endpoints",
                array: { json in
                    for endpoint in endpoints { json.object { endpoint.write(to: &$0) } }
                }
            )
        }
    }
}

extension EndpointMeasurement {
    /// Writes what was measured as the members of an object.
    func write(to json: inout JSONText) {
        json.member("endpoint", endpoint.description)
        json.member(
            "addresses",
            array: { json in
                for address in addresses { json.value(address.address.description) }
            }
        )
        if handshake != nil { json.member("source", source) }
        json.member("observedSource", observed.isEmpty ? nil : observed)
        json.member("stagingRelease", release.isEmpty ? nil : release)
        json.member("jobOwner", owner?.rawValue)
        json.member("handshakeMicroseconds", handshake.map(EndpointMeasurement.microseconds))
        json.member("roundTripMicroseconds", roundTrip.map(EndpointMeasurement.microseconds))
        json.member("clockSkewMicroseconds", clock.map { $0.here.microseconds - $0.server.microseconds })
        json.member("rateBitsPerSecond", rate?.rate.bitsPerSecond)
        json.member("sentBytes", rate?.sent.bytes)
        tcp?.write(to: &json)
        guard let failure else { return }
        json.member(
            "failure",
            object: { json in
                json.member("step", failure.step.rawValue)
                json.member("code", failure.error.code.text)
                json.member("says", failure.error.summary)
                if failure.step == .transfer { json.member("arrivedBytes", failure.arrived.bytes) }
                json.member("outcome", failure.end?.outcome)
                json.member("errno", failure.end?.errorNumber)
            }
        )
    }

    private static func microseconds(_ duration: Duration) -> Int64 { Int64(duration / .microseconds(1)) }
}
