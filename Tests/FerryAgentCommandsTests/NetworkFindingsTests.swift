import FerryAddress
import FerryCore
import FerryPreCheck
import FerryTransport
import Testing

@testable import FerryAgentCommands
@testable import FerryReplication

@Suite struct NetworkFindingsTests {
    private static func endpoint(_ port: UInt16 = 8703) -> EndpointAddress {
        EndpointAddress(host: .address(.loopback4), port: port)
    }

    /// What a good endpoint shows.
    private static func good() -> EndpointMeasurement {
        var measurement = EndpointMeasurement(endpoint())
        measurement.source = "10.0.0.1:5000"
        measurement.observed = "203.0.113.9:61000"
        measurement.handshake = .milliseconds(40)
        measurement.release = "9.9"
        measurement.version = 1
        measurement.roundTrips = [.milliseconds(19), .milliseconds(25), .milliseconds(20)]
        measurement.rate = EndpointMeasurement.Rate(rate: .megabits(80), sent: .mebibytes(16), seconds: 1.6)
        return measurement
    }

    private static func bad(_ step: EndpointMeasurement.Step) -> EndpointMeasurement {
        var measurement = EndpointMeasurement(endpoint(1))
        let error = FerryError(
            .laneEnded,
            operation: "connect",
            subject: "to it",
            cause: "nobody answered",
            advice: "Wait."
        )
        measurement.failure = EndpointMeasurement.Failure(step: step, error: error, end: nil)
        return measurement
    }

    private static func findings(
        _ measurements: EndpointMeasurement...,
        used: ByteCount = .zero,
        job: JobID? = nil
    ) -> [PreCheckFinding] {
        NetworkFindings(used: used, limit: nil).of(measurements, job: job)
    }

    @Test func goodEndpointHasNothingToBeDone() {
        let findings = NetworkFindingsTests.findings(NetworkFindingsTests.good())
        #expect(findings.allSatisfy { $0.level == .ok && $0.advice.isEmpty })
        #expect(
            findings.contains { $0.check == .networkRoundTrip && $0.seen.contains("20.0 ms (median of 3, 19.0 ms") }
        )
        #expect(findings.contains { $0.check == .networkRate && $0.seen.contains("80 Mbit/s") })
    }

    @Test func translatedAddressIsNamed() {
        let findings = NetworkFindingsTests.findings(NetworkFindingsTests.good())
        let address = findings.first { $0.check == .networkAddress }
        #expect(address?.seen.contains("203.0.113.9:61000: the address 10.0.0.1 is translated") == true)
    }

    @Test(arguments: [EndpointMeasurement.Step.resolve, .connect, .tls, .ferry, .transfer])
    func failureIsCriticalUnlessAnotherEndpointWorks(_ step: EndpointMeasurement.Step) {
        let alone = NetworkFindingsTests.findings(NetworkFindingsTests.bad(step))
        #expect(alone.map(\.level) == [.critical])
        #expect(alone.allSatisfy { !$0.advice.isEmpty })
        let besides = NetworkFindingsTests.findings(NetworkFindingsTests.bad(step), NetworkFindingsTests.good())
        #expect(besides.map(\.level).max() == .warning)
    }

    @Test func jobOfAnotherAgentIsCritical() throws {
        let job = try JobID("job01")
        for (owner, level) in [
            (EndpointMeasurement.Owner.nobody, PreCheckFinding.Level.ok), (.thisAgent, .ok), (.anotherAgent, .critical),
        ] {
            var measurement = NetworkFindingsTests.good()
            measurement.owner = owner
            let finding = NetworkFindingsTests.findings(measurement, job: job).first { $0.check == .networkJob }
            #expect(finding?.level == level)
        }
    }

    @Test func timeForTheDisksIsToldAndTooMuchOfItIsAWarning() {
        let short = NetworkFindingsTests.findings(NetworkFindingsTests.good(), used: .gibibytes(36))
        let rate = short.first { $0.check == .networkRate }
        #expect(rate?.level == .ok && rate?.seen.contains("36 GiB take at most 65 min") == true)
        let long = NetworkFindingsTests.findings(NetworkFindingsTests.good(), used: .gibibytes(36_000))
        #expect(long.first { $0.check == .networkRate }?.level == .warning)
    }

    @Test func rateThatCouldNotBeMeasuredIsAWarningThatSaysSo() {
        var measurement = NetworkFindingsTests.good()
        measurement.rate = nil
        let finding = NetworkFindingsTests.findings(measurement).first { $0.check == .networkRate }
        #expect(finding?.level == .warning && finding?.isChecked == false)
    }
}
