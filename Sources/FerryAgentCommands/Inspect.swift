internal import FerryCore
internal import FerryDisk

/// `ferry-agent inspect`
enum Inspect {
    private static let help = """
        USAGE: ferry-agent inspect DISK [--json]

        Shows the partitions and file systems of a block device or image file, and how much of each would be copied.
        Reads the disk and writes nothing.

        """

    static func run(_ words: [String]) throws -> Int32 {
        var arguments = ArgumentList(words, verb: "inspect")
        if arguments.flag("help") {
            Output.text(help)
            return 0
        }
        let isJSON = arguments.flag("json")
        let paths = try arguments.operands()
        guard let path = paths.first, paths.count == 1 else { throw arguments.error("DISK", "exactly one is needed") }
        let disk = try Disk(path: path)
        let inspection = try DiskUsage(of: disk).inspection
        if isJSON { json(inspection, path) } else { table(inspection, path) }
        return 0
    }

    private static func table(_ inspection: DiskInspection, _ path: String) {
        Output.line(
            "\(path): \(inspection.geometry.size), \(inspection.geometry.kind.rawValue), partition table "
                + "\(inspection.tableKind.rawValue); \(inspection.used) to be copied, \(inspection.unused) not in use"
        )
        for region in inspection.regions {
            var parts = ["  \(region.extent.start) + \(region.extent.length)", region.fileSystem.rawValue]
            if let label = region.label, !label.isEmpty { parts.append("label \(label)") }
            if let uuid = region.uuid { parts.append("UUID \(uuid)") }
            if let mount = region.mountPoint { parts.append("mounted at \(mount)") }
            parts.append("\(region.used) used, \(region.unused) not (by \(region.source.rawValue))")
            Output.line(parts.joined(separator: ", "))
        }
        for finding in inspection.findings { Output.line("  note: \(finding.text)") }
    }

    private static func json(_ inspection: DiskInspection, _ path: String) {
        Output.line(
            JSONText.object { json in
                json.member("disk", path)
                json.member("sizeBytes", inspection.geometry.size.bytes)
                json.member("table", inspection.tableKind.rawValue)
                json.member("usedBytes", inspection.used.bytes)
                json.member("unusedBytes", inspection.unused.bytes)
                json.member(
                    "regions",
                    array: { json in
                        for region in inspection.regions {
                            json.object {
                                $0.member("offset", region.extent.start.bytes)
                                $0.member("length", region.extent.length.bytes)
                                $0.member("fileSystem", region.fileSystem.rawValue)
                                $0.member("label", region.label)
                                $0.member("uuid", region.uuid)
                                $0.member("mountPoint", region.mountPoint)
                                $0.member("usedBytes", region.used.bytes)
                                $0.member("unusedBytes", region.unused.bytes)
                                $0.member("source", region.source.rawValue)
                            }
                        }
                    }
                )
                json.member(
                    "findings",
                    array: { json in
                        for finding in inspection.findings {
                            json.object {
                                $0.member("code", finding.code.rawValue)
                                $0.member("says", finding.text)
                            }
                        }
                    }
                )
            }
        )
    }
}
