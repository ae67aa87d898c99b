internal import FerryCore

extension PreCheckID {
    /// This server's clock against the staging server's.
    public static let clockSkew = PreCheckID("clock.skew")
    /// Whether something keeps this server's clock right.
    public static let clockSynchronization = PreCheckID("clock.synchronization")
}

/// Whether the clock is right: certificates are refused by a clock that is minutes off, and records are compared by it.
enum ClockCheck {
    static let warningMicroseconds: Int64 = 2_000_000
    static let criticalMicroseconds: Int64 = 300_000_000

    static func run(_ server: SourceServer) -> [PreCheckFinding] { [skew(server), synchronization(server)] }

    private static func skew(_ server: SourceServer) -> PreCheckFinding {
        guard let reading = server.request.serverClock else {
            return .unchecked(
                .clockSkew,
                "The clock",
                because: "no staging server's clock was there to compare it with",
                advice: "Run the pre-check with the endpoint of the staging server."
            )
        }
        let skew = reading.localTime.microseconds - reading.serverTime.microseconds
        let (seconds, attoseconds) = reading.roundTrip.components
        let doubt = (seconds * 1_000_000 + attoseconds / 1_000_000_000_000) / 2
        let distance = Int64(skew.magnitude)
        let way = skew < 0 ? "behind" : "ahead of"
        let seen =
            "The clock is \(text(distance)) \(way) the staging server's, sure to \(text(doubt))"
            + " (\(reading.localTime) here)"
        // Only what lies beyond the doubt is certain.
        let certain = distance - doubt
        if certain > criticalMicroseconds {
            let advice = "Set the clock: with a clock more than 5 min off, TLS refuses the certificates."
            return PreCheckFinding(.clockSkew, .critical, seen, advice: advice)
        }
        if certain > warningMicroseconds {
            let advice = "Let NTP or chrony set the clock, so that records of both sides can be compared."
            return PreCheckFinding(.clockSkew, .warning, seen, advice: advice)
        }
        return PreCheckFinding(.clockSkew, .ok, seen)
    }

    private static func synchronization(_ server: SourceServer) -> PreCheckFinding {
        let daemons = ["chronyd", "ntpd", "systemd-timesyn", "ptp4l", "openntpd", "vmtoolsd"]
        let running = ProcessNames.read(server.files)?.filter { daemons.contains($0) } ?? []
        let keeper = running.first.map { " (\($0) is running)" } ?? ""
        switch server.kernel.isClockSynchronized() {
        case true?: return PreCheckFinding(.clockSynchronization, .ok, "The clock is kept right\(keeper)")
        case nil:
            return .unchecked(
                .clockSynchronization,
                "Whether the clock is kept right",
                because: "the kernel does not say"
            )
        case false?:
            let advice = running.isEmpty ? "Start chrony or NTP." : "Look at what \(running[0]) says about its servers."
            let seen = "Nothing has set the clock lately\(keeper)"
            return PreCheckFinding(.clockSynchronization, .warning, seen, advice: advice)
        }
    }

    private static func text(_ microseconds: Int64) -> String {
        switch microseconds {
        case ..<10_000_000: "\(microseconds / 1000) ms"
        case ..<600_000_000: "\(microseconds / 1_000_000) s"
        default: "\(microseconds / 60_000_000) min"
        }
    }
}
