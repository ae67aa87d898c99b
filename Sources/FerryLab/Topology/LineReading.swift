internal import FerryCore

extension Topology.Line {
    /// Takes over what a mapping of a file says of both directions, and of one of them, and leaves the rest.
    mutating func read(_ reader: LabFileReader) {
        forward.read(reader)
        back.read(reader)
        // The routers are given as they are met towards the far end.
        if reader.has("hops") { back.hops.reverse() }
        for (key, way) in [("forward", \Self.forward), ("back", \Self.back)] {
            guard let below = reader.mapping(key) else { continue }
            self[keyPath: way].read(below)
            below.finish()
        }
    }
}

extension LineSettings {
    /// Takes over what a mapping of a file says, and leaves the rest.
    mutating func read(_ reader: LabFileReader) {
        let aDuration = "a time, as 15ms"
        let aProbability = "a probability, as 2%"
        if let value = reader.parsed("delay", aDuration, LabQuantities.duration) { delay = value }
        if let value = reader.parsed("jitter", aDuration, LabQuantities.duration) { jitter = value }
        if let value = reader.parsed("loss", aProbability, LabQuantities.probability) { loss = .independent(value) }
        if let bursts = reader.mapping("bursts") {
            let begin = bursts.parsed("begin", aProbability, LabQuantities.probability)
            let end = bursts.parsed("end", aProbability, LabQuantities.probability)
            let lost = bursts.parsed("loss", aProbability, LabQuantities.probability)
            bursts.finish()
            if let begin, let end, let lost {
                loss = .bursts(begin: begin, end: end, lossWhileBad: lost)
            } else {
                bursts.problem("bursts need \"begin\", \"end\" and \"loss\"")
            }
        }
        if let value = reader.parsed("duplication", aProbability, LabQuantities.probability) { duplication = value }
        if let value = reader.parsed("reordering", aProbability, LabQuantities.probability) { reordering = value }
        if let value = reader.parsed("reorderingDelay", aDuration, LabQuantities.duration) { reorderingDelay = value }
        if let (rate, size) = bucket(reader, "policer", "burst") { policer = Policer(rate: rate, burst: size) }
        if let (rate, size) = bucket(reader, "shaper", "queue") { shaper = Shaper(rate: rate, queue: size) }
        if let value = reader.parsed("mtu", "a number from 68 to 1500", { Int($0) }) {
            let isTold = reader.flag("mtuIsTold") ?? true
            if !(68...1500).contains(value) { reader.problem("\(value) is not from 68 to 1500", at: "mtu") }
            narrowness = Narrowness(mtu: value, isTold: isTold)
        }
        let routers = reader.texts("hops")
        if !routers.isEmpty {
            hops = routers.compactMap { IPv4Address($0) }
            if hops.count != routers.count { reader.problem("each of the hops has to be an address", at: "hops") }
        }
        if narrowness?.isTold == true, hops.isEmpty {
            reader.problem(
                "nobody is there to tell of an \"mtu\": the line needs \"hops\", or \"mtuIsTold: no\"",
                at: "mtu"
            )
        }
    }

    private func bucket(_ reader: LabFileReader, _ key: String, _ sizeKey: String) -> (BitRate, ByteCount)? {
        guard let below = reader.mapping(key) else { return nil }
        let rate = below.parsed("rate", "a rate, as 20Mbit/s", LabQuantities.rate)
        let size = below.parsed(sizeKey, "a size, as 64KiB", LabQuantities.size)
        below.finish()
        guard let rate, let size else {
            below.problem("a \(key) needs \"rate\" and \"\(sizeKey)\"")
            return nil
        }
        return (rate, size)
    }
}
