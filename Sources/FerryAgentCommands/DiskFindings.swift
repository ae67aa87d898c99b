internal import FerryCore
internal import FerryDisk
internal import FerryPreCheck

extension PreCheckID {
    /// Whether a disk can be read.
    static let diskOpen = PreCheckID("disk.open")
    /// What is on a disk, and how much of it would be copied.
    static let diskContent = PreCheckID("disk.content")
    /// What tells a disk from others.
    static let diskIdentity = PreCheckID("disk.identity")
}

/// What there is to know about one disk before it is moved.
struct DiskFindings {
    let path: String
    /// The disk's size; zero if it cannot be opened.
    private(set) var size = ByteCount.zero
    /// How much of it would be copied.
    private(set) var used = ByteCount.zero
    private(set) var findings: [PreCheckFinding] = []

    /// Looks at the disk at `path`.
    /// - Parameter names: the names of the disks that were looked at before; gets this one's.
    init(_ path: String, names: inout [String]) {
        self.path = path
        do throws(FerryError) {
            let name = try DiskName(path.split(separator: "/").last.map(String.init) ?? path)
            guard !names.contains(name.name) else {
                throw FerryError(
                    .badName,
                    operation: "use",
                    subject: path,
                    cause: "another disk has the same name \(name)",
                    advice: "Give the disks as paths whose last parts differ."
                )
            }
            names.append(name.name)
            try look(try Disk(path: path, access: path.hasPrefix("/dev/") ? nil : .cached))
        } catch {
            findings.append(
                PreCheckFinding(.diskOpen, .critical, "\(path) cannot be read: \(error.cause)", advice: error.advice)
            )
        }
    }

    private mutating func look(_ disk: Disk) throws(FerryError) {
        let geometry = disk.geometry
        size = geometry.size
        findings.append(
            PreCheckFinding(
                .diskOpen,
                .ok,
                "\(path) can be read: \(geometry.size), \(geometry.kind.rawValue), blocks of "
                    + "\(geometry.logicalBlockSize)"
            )
        )
        let inspection = try DiskUsage(of: disk).inspection
        used = inspection.used
        findings.append(
            PreCheckFinding(
                .diskContent,
                .ok,
                "\(path) has \(inspection.used) to be copied and \(inspection.unused) not in use: "
                    + inspection.regions.map(DiskFindings.words).joined(separator: ", ")
            )
        )
        findings += inspection.findings.map { DiskFindings.finding($0, path) }
        findings.append(DiskFindings.identity(try disk.identity(), path))
    }

    private static func words(_ region: RegionInspection) -> String {
        region.fileSystem.rawValue + (region.mountPoint.map { " at \($0)" } ?? "") + " (\(region.extent.length))"
    }

    private static func finding(_ finding: Finding, _ path: String) -> PreCheckFinding {
        var text = finding.text
        while text.hasSuffix(".") { text.removeLast() }
        let seen = "\(path): \(text) (\(finding.code.rawValue))"
        switch finding.code {
        case .copiedWhole, .hybridMBR, .needsRecovery, .unknownFeature:
            return PreCheckFinding(.diskContent, .ok, seen)
        case .unreadable:
            let advice = "Look at the kernel's log and the disk's health: what cannot be read is missing in the image."
            return PreCheckFinding(.diskContent, .warning, seen, advice: advice)
        case .hibernated:
            let advice = "Start the server and shut it down in order before the last pass."
            return PreCheckFinding(.diskContent, .warning, seen, advice: advice)
        case .gptPrimaryDamaged, .gptBackupDamaged, .gptUnusable, .badExtendedPartition, .partitionOutOfRange,
            .partitionsOverlap, .mapInconsistent:
            let advice = "It moves as it is; repair it here or at the target."
            return PreCheckFinding(.diskContent, .warning, seen, advice: advice)
        }
    }

    private static func identity(_ identity: DiskIdentity, _ path: String) -> PreCheckFinding {
        let facts = identity.facts.map { "\($0.kind.rawValue) \($0.value)" }.joined(separator: ", ")
        let weak: [DiskIdentity.Kind] = [.size, .inode]
        guard identity.facts.contains(where: { !weak.contains($0.kind) }) else {
            let advice = "Be sure to name the same disk when the move goes on: nothing on it tells it from another."
            return PreCheckFinding(.diskIdentity, .warning, "\(path) is known by \(facts) only", advice: advice)
        }
        return PreCheckFinding(.diskIdentity, .ok, "\(path) is known by \(facts)")
    }
}
