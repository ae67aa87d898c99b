internal import Foundation

/// Another round trip, and noise, for the lines of a topology: a point of the benchmark's grid.
public struct NetworkVariation: Sendable, Equatable {
    /// The round trip of the slowest line in milliseconds, over 0; the others keep their proportion to it. Nil leaves them.
    public var roundTrip: Int?
    /// The share of packets that each line loses by itself, 0 to 1, in each direction; lines that lose already stay. Nil
    /// leaves all.
    public var noise: Double?

    /// A variation; nil if it varies nothing.
    public init?(roundTrip: Int?, noise: Double?) {
        guard roundTrip != nil || noise != nil else { return nil }
        self.roundTrip = roundTrip
        self.noise = noise
    }

    /// The benchmark's grid: round trips of 2, 30 and 150 ms, each without noise and with 0.5 %.
    public static let grid: [NetworkVariation] = [2, 30, 150].flatMap { roundTrip in
        [0, 0.005].compactMap { NetworkVariation(roundTrip: roundTrip, noise: $0) }
    }

    /// As `30ms 0.5%`.
    public var text: String {
        [roundTrip.map { "\($0)ms" }, noise.map { String(format: "%g%%", $0 * 100) }].compactMap { $0 }
            .joined(separator: " ")
    }

    /// Changes the lines, also as faults change them.
    public func apply(to topology: inout Topology) {
        let slowest = topology.links.compactMap(\.line).map { $0.forward.delay + $0.back.delay }.max() ?? .zero
        let factor = roundTrip.flatMap { slowest > .zero ? Duration.milliseconds($0) / slowest : nil } ?? 1
        for index in topology.links.indices {
            topology.links[index].line = topology.links[index].line.map { vary($0, factor) }
        }
        for fault in topology.faults.indices {
            for line in topology.faults[fault].lines.indices {
                topology.faults[fault].lines[line].settings = vary(topology.faults[fault].lines[line].settings, factor)
            }
        }
    }

    private func vary(_ line: Topology.Line, _ factor: Double) -> Topology.Line {
        var line = line
        for way in [\Topology.Line.forward, \.back] {
            line[keyPath: way].delay = line[keyPath: way].delay * factor
            line[keyPath: way].jitter = line[keyPath: way].jitter * factor
            if let noise, noise > 0, line[keyPath: way].loss == .none { line[keyPath: way].loss = .independent(noise) }
        }
        return line
    }
}
