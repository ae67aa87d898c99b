internal import FerryCore

/// Quantities as a file of the lab writes them.
enum LabQuantities {
    /// `15ms`, `250us`, `2s`; also without unit for nought.
    static func duration(_ text: String) -> Duration? {
        if text == "0" { return .zero }
        let units: [(String, Double)] = [("us", 1e-6), ("ms", 1e-3), ("s", 1)]
        for (unit, factor) in units where text.hasSuffix(unit) {
            let number = text.dropLast(unit.count)
            // "5ms" ends with "s" too.
            guard let value = Double(number), value >= 0, value * factor <= 3600 else { continue }
            return .nanoseconds(Int64((value * factor * 1e9).rounded()))
        }
        return nil
    }

    /// `2%`, `0.1%`, or a number from 0 to 1.
    static func probability(_ text: String) -> Double? {
        let value = text.hasSuffix("%") ? Double(text.dropLast()).map { $0 / 100 } : Double(text)
        return value.flatMap { (0...1).contains($0) ? $0 : nil }
    }

    static func rate(_ text: String) -> BitRate? { try? BitRate(parsing: text) }

    static func size(_ text: String) -> ByteCount? { try? ByteCount(parsing: text) }

    /// An address and a port, `192.0.2.1:8703`; nil, with a note, for anything else.
    static func endpoint(_ reader: LabFileReader, _ key: String) -> (address: IPv4Address, port: UInt16)? {
        let parts = reader.required(key).split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, let address = IPv4Address(parts[0]), let port = UInt16(parts[1]), port > 0 else {
            reader.problem("\"\(key)\" has to be an address and a port, as 203.0.113.11:8703", at: key)
            return nil
        }
        return (address, port)
    }

    /// `192.0.2.1/24`, as `ip address add` takes it.
    static func network(_ text: String) -> String? {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, IPv4Address(parts[0]) != nil, let length = Int(parts[1]), (0...32).contains(length)
        else {
            return nil
        }
        return text
    }
}
