/// A topology as a picture: columns by how far a node is from the first, links between them, and what is broken in red.
public struct TopologyDrawing {
    /// Something that is broken, and where.
    public struct Broken: Codable, Sendable, Equatable {
        /// The fault's name.
        public var name: String
        /// What it is, as a sentence.
        public var summary: String
        /// Nodes that it is at.
        public var nodes: Set<String>
        /// Links that it is at.
        public var links: Set<String>

        /// What `fault` breaks.
        public init(_ fault: Fault) {
            name = fault.name
            summary = fault.summary
            nodes = fault.nodes
            links = fault.links
        }
    }

    private let topology: Topology
    private let armed: [Broken]
    private let places: [String: (column: Int, row: Int)]

    private static let (columnWidth, rowHeight, boxWidth, boxHeight) = (156, 56, 104, 36)

    /// A picture of `topology` with the faults `armed`.
    public init(_ topology: Topology, armed: [Broken]) {
        self.topology = topology
        self.armed = armed
        places = TopologyDrawing.places(topology)
    }

    /// The nodes in columns by their distance from the first, and in rows in the order of the file.
    private static func places(_ topology: Topology) -> [String: (column: Int, row: Int)] {
        var columns: [String: Int] = [:]
        if let first = topology.nodes.first { columns[first.name] = 0 }
        // Nodes of the same kind as the first stand beside it.
        let firstPlace = topology.nodes.first?.place
        for node in topology.nodes where firstPlace != nil && node.place == firstPlace { columns[node.name] = 0 }
        var isGrowing = true
        while isGrowing {
            isGrowing = false
            for link in topology.links {
                for (from, to) in [(link.near.node, link.far.node), (link.far.node, link.near.node)] {
                    if let column = columns[from], (columns[to] ?? .max) > column + 1 {
                        columns[to] = column + 1
                        isGrowing = true
                    }
                }
            }
        }
        var rows: [Int: Int] = [:]
        var places: [String: (column: Int, row: Int)] = [:]
        for node in topology.nodes {
            let column = columns[node.name] ?? 0
            places[node.name] = (column, rows[column, default: 0])
            rows[column, default: 0] += 1
        }
        return places
    }

    /// The picture.
    public var svg: String {
        let columns = (places.values.map(\.column).max() ?? 0) + 1
        let rows = (places.values.map(\.row).max() ?? 0) + 1
        let width = columns * TopologyDrawing.columnWidth + 20
        let height = rows * TopologyDrawing.rowHeight + 58 + 18 * armed.count
        var out = [
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"\(width)\" height=\"\(height)\" "
                + "viewBox=\"0 0 \(width) \(height)\" font-family=\"sans-serif\" font-size=\"12\">",
            "<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>",
        ]
        out += topology.links.map(drawn)
        out += topology.nodes.map(drawn)
        for (index, fault) in armed.enumerated() {
            let y = rows * TopologyDrawing.rowHeight + 36 + 18 * index
            out.append(
                "<text x=\"12\" y=\"\(y)\" fill=\"#b00020\">\(escaped("\(fault.name): \(fault.summary)"))</text>"
            )
        }
        let y = rows * TopologyDrawing.rowHeight + 36 + 18 * armed.count
        out.append(
            "<text x=\"12\" y=\"\(y)\" fill=\"#666\" font-size=\"10\">Dashed: in user space, with its delay one way. "
                + "Red: broken.</text>"
        )
        return (out + ["</svg>"]).joined(separator: "\n")
    }

    private func corner(_ node: String) -> (x: Int, y: Int) {
        let (column, row) = places[node] ?? (0, 0)
        return (12 + column * TopologyDrawing.columnWidth, 16 + row * TopologyDrawing.rowHeight)
    }

    private func drawn(_ link: Topology.Link) -> String {
        let (near, far) = (corner(link.near.node), corner(link.far.node))
        let isBroken = armed.contains { $0.links.contains(link.name) }
        let color = isBroken ? "#b00020" : "#7a7a7a"
        let dash = link.line == nil ? "" : " stroke-dasharray=\"6 3\""
        let style = "fill=\"none\" stroke=\"\(color)\" stroke-width=\"\(isBroken ? 3 : 1)\"\(dash)"
        let path = path(near, far)
        let label = link.line.map { $0.forward.delay > .zero ? milliseconds($0.forward.delay) : "" } ?? ""
        let (x, y) = ((near.x + far.x + TopologyDrawing.boxWidth) / 2, (near.y + far.y + TopologyDrawing.boxHeight) / 2)
        let text =
            label.isEmpty
            ? ""
            : "<text x=\"\(x)\" y=\"\(y - 4)\" font-size=\"9\" fill=\"#666\" text-anchor=\"middle\">\(label)</text>"
        return "<path d=\"\(path)\" \(style)><title>\(escaped(title(link)))</title></path>" + text
    }

    /// From the side of one box to the near side of the other, so that no line goes behind a third.
    private func path(_ near: (x: Int, y: Int), _ far: (x: Int, y: Int)) -> String {
        let (left, right) = near.x <= far.x ? (near, far) : (far, near)
        let half = TopologyDrawing.boxHeight / 2
        if left.x == right.x {
            let (top, bottom) = left.y <= right.y ? (left, right) : (right, left)
            let x = top.x + TopologyDrawing.boxWidth
            return
                "M\(x) \(top.y + half) C\(x + 18) \(top.y + half) \(x + 18) \(bottom.y + half) \(x) \(bottom.y + half)"
        }
        let (x1, x2) = (left.x + TopologyDrawing.boxWidth, right.x)
        let middle = (x1 + x2) / 2
        return "M\(x1) \(left.y + half) C\(middle) \(left.y + half) \(middle) \(right.y + half) \(x2) \(right.y + half)"
    }

    private func milliseconds(_ delay: Duration) -> String {
        let tenths = (delay.nanoseconds + 50_000) / 100_000
        return tenths % 10 == 0 ? "\(tenths / 10) ms" : "\(tenths / 10).\(tenths % 10) ms"
    }

    private func title(_ link: Topology.Link) -> String {
        guard let line = link.line else { return link.name }
        return "\(link.name): \(milliseconds(line.forward.delay)) one way"
    }

    private func drawn(_ node: Topology.Node) -> String {
        let (x, y) = corner(node.name)
        let isBroken = armed.contains { $0.nodes.contains(node.name) }
        let (fill, stroke) = isBroken ? ("#fde7ea", "#b00020") : ("#f3f6fb", "#4a5a78")
        let place =
            node.place.map { "<text x=\"\(x + 6)\" y=\"\(y + 29)\" font-size=\"9\" fill=\"#666\">\($0)</text>" } ?? ""
        return
            "<rect x=\"\(x)\" y=\"\(y)\" width=\"\(TopologyDrawing.boxWidth)\" height=\"\(TopologyDrawing.boxHeight)\" "
            + "rx=\"4\" fill=\"\(fill)\" stroke=\"\(stroke)\" stroke-width=\"\(isBroken ? 2 : 1)\"/>"
            + "<text x=\"\(x + 6)\" y=\"\(y + 16)\">\(escaped(node.name))</text>\(place)"
    }

    private func escaped(_ text: String) -> String {
        text.map { character in
            switch character {
            case "<": "&lt;"
            case ">": "&gt;"
            case "&": "&amp;"
            case "\"": "&quot;"
            default: String(character)
            }
        }.joined()
    }
}
