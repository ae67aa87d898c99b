internal import FerryEvidence

extension SpeakerDistance {
    /// Where it was, as a sentence or two.
    public var sentence: String { ([placed] + guess).joined(separator: " ") }

    /// The same as words that do not change, for whoever says it in another language; docs/manual/report.md lists them.
    var arguments: [String] {
        switch place {
        case .counted(let routers, let ofHost, let beginning, let nearest, let farthest):
            let hops = [nearest, farthest].flatMap(SpeakerDistance.words)
            let counts = [routers, ofHost, beginning].map { "\($0)" }
            return ["closing-packet"] + counts + hops + [doubts.map(\.rawValue).joined(separator: " ")]
        case .named(let address, let number, let seconds):
            return [
                "icmp-error", address, number.map { "\($0)" } ?? "", seconds.map(SpeakerDistance.milliseconds) ?? "",
            ]
        }
    }

    private var placed: String {
        switch place {
        case .named(let address, nil, _):
            return
                "The ICMP error came from \(address), which did not answer on the way to the host: how far away it is cannot be told."
        case .named(let address, let number?, let seconds):
            let time = seconds.map { " (\(SpeakerDistance.milliseconds($0)) ms)" } ?? ""
            return "The ICMP error came from \(address), which is hop \(number) on the way to the host\(time)."
        case .counted(let routers, let ofHost, let beginning, let nearest, let farthest):
            // What a device makes up begins with what it likes: then the count is no more than a supposition.
            let premise =
                doubts.contains(.otherBeginning)
                ? "If it began with a time to live of \(beginning), the closing packet" : "The closing packet"
            let passed = "\(premise) passed \(SpeakerDistance.count(routers)) on its way here"
            if routers == ofHost { return "\(passed), as many as the host's answers: it came from as far as the host." }
            let counts = "\(passed), the host's answers pass \(ofHost)"
            if routers > ofHost { return "\(counts)." }
            let end = "hop \(routers + 1)\(SpeakerDistance.text(farthest))"
            if routers == 0 { return "\(counts): it was sent by \(end), or before it." }
            return
                "\(counts): it was sent behind hop \(routers)\(SpeakerDistance.text(nearest)), by \(end), or between the two."
        }
    }

    private var guess: [String] {
        let reasons = doubts.map { doubt in
            switch doubt {
            case .otherBeginning: "it began with another time to live than they did, and which one is not known"
            case .behindHost: "it would have come from behind the host"
            case .copied: "who copies the host's time to live looks as far away"
            case .otherWayBack: "the way there and the way back are not equally long"
            }
        }
        return reasons.isEmpty ? [] : ["This is a guess: \(reasons.joined(separator: "; "))."]
    }

    private static func text(_ hop: Hop) -> String {
        switch hop {
        case .router(let address, let seconds): ", \(address) (\(milliseconds(seconds)) ms)"
        case .host: ", the host"
        case .silent: " (no answer)"
        case .unseen: " (not looked at)"
        }
    }

    /// An address or a word, and milliseconds.
    private static func words(_ hop: Hop) -> [String] {
        switch hop {
        case .router(let address, let seconds): [address, milliseconds(seconds)]
        case .host: ["host", ""]
        case .silent: ["silent", ""]
        case .unseen: ["unseen", ""]
        }
    }

    private static func count(_ routers: Int) -> String {
        routers == 0 ? "no router" : "\(routers) router\(routers == 1 ? "" : "s")"
    }

    /// A vantage's numbers are a stranger's.
    private static func milliseconds(_ seconds: Double) -> String {
        "\((seconds.clamped(to: 0...3600) * 10_000).rounded() / 10)"
    }
}
