internal import FerryCore
internal import FerryDisk

/// `ferry-agent inspect`
enum Inspect {
    private static let help = """
        USAGE: ferry-agent inspect DISK [--quick] [--json]

        Shows the partitions and file systems of a block device or image file: what is in use and would be copied, what is
        not, and how much of that is stale, the remains of deleted files. Reads the disk and writes nothing.

          --quick   do not read what is not in use, to tell what of it is stale
          --json    one JSON object instead of words

        """

    static func run(_ words: [String]) throws -> Int32 {
        var arguments = ArgumentList(words, verb: "inspect")
        if arguments.flag("help") {
            Output.text(help)
            return 0
        }
        let isJSON = arguments.flag("json")
        let isQuick = arguments.flag("quick")
        let paths = try arguments.operands()
        guard let path = paths.first, paths.count == 1 else { throw arguments.error("DISK", "exactly one is needed") }
        BackgroundPriority.enter()
        let disk = try Disk(path: path)
        let usage = try DiskUsage(of: disk)
        let stale = isQuick ? nil : try staleSpaces(usage, disk)
        if isJSON { json(usage.inspection, stale, path) } else { table(usage.inspection, stale, path) }
        return 0
    }

    /// What is stale in each region.
    private static func staleSpaces(_ usage: DiskUsage, _ disk: Disk) throws(FerryError) -> [StaleSpace] {
        var spaces: [StaleSpace] = []
        var before = ByteCount.zero
        var last = ContinuousClock.now
        for region in usage.inspection.regions {
            let done = before
            spaces.append(
                try usage.staleSpace(in: region.extent, on: disk) { read in
                    guard ContinuousClock.now - last >= .seconds(2) else { return }
                    last = .now
                    Output.error(
                        "reading what is not in use: \(done + read) of \(usage.inspection.unused) (--quick leaves it out)"
                    )
                }
            )
            before += region.unused
        }
        return spaces
    }

    private static func table(_ inspection: DiskInspection, _ stale: [StaleSpace]?, _ path: String) {
        Output.line(
            "\(path): \(inspection.geometry.size), \(inspection.geometry.kind.rawValue), partition table "
                + "\(inspection.tableKind.rawValue); \(inspection.used) to be copied, \(inspection.unused) not in use"
                + told(stale.map { $0.reduce(StaleSpace()) { $0 + $1 } })
        )
        for (number, region) in inspection.regions.enumerated() {
            var parts = ["  \(region.extent.start) + \(region.extent.length)", region.fileSystem.rawValue]
            if let label = region.label, !label.isEmpty { parts.append("label \(label)") }
            if let uuid = region.uuid { parts.append("UUID \(uuid)") }
            if let mount = region.mountPoint { parts.append("mounted at \(mount)") }
            parts.append(
                "\(region.used) used, \(region.unused) free (by \(region.source.rawValue))" + told(stale?[number])
            )
            Output.line(parts.joined(separator: ", "))
        }
        for finding in inspection.findings { Output.line("  note: \(finding.text)") }
    }

    private static func told(_ space: StaleSpace?) -> String {
        guard let space else { return "" }
        return ", of which \(space.stale) are stale"
            + (space.unreadable > .zero ? " and \(space.unreadable) could not be read" : "")
    }

    private static func json(_ inspection: DiskInspection, _ stale: [StaleSpace]?, _ path: String) {
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
                        for (number, region) in inspection.regions.enumerated() {
                            json.object {
                                $0.member("offset", region.extent.start.bytes)
                                $0.member("length", region.extent.length.bytes)
                                $0.member("fileSystem", region.fileSystem.rawValue)
                                $0.member("label", region.label)
                                $0.member("uuid", region.uuid)
                                $0.member("mountPoint", region.mountPoint)
                                $0.member("usedBytes", region.used.bytes)
                                $0.member("unusedBytes", region.unused.bytes)
                                $0.member("staleBytes", stale?[number].stale.bytes)
                                $0.member("unreadableBytes", stale?[number].unreadable.bytes)
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
