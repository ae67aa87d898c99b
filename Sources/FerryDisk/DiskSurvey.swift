internal import FerryCore

/// Goes over a disk once, and makes a map of every region that can be understood.
struct DiskSurvey {
    private let disk: any DiskReader
    private let mounted: [Extent: MountedFileSystem]
    private let areFrozen: Bool
    private(set) var maps: [any UsageMap] = []
    private var table = PartitionTable(kind: .none)
    private var regions: [RegionInspection] = []
    private var findings: [Finding] = []

    init(_ disk: any DiskReader, _ mounts: MountTable, areFrozen: Bool) {
        self.disk = disk
        self.areFrozen = areFrozen
        mounted = disk.device.map { mounts.byRegion(of: $0, disk.geometry) } ?? [:]
    }

    var inspection: DiskInspection {
        let unused = regions.reduce(ByteCount.zero) { $0 + $1.unused }
        return DiskInspection(
            geometry: disk.geometry,
            tableKind: table.kind,
            diskID: table.diskID,
            regions: regions,
            used: disk.geometry.size - unused,
            unused: unused,
            findings: findings
        )
    }

    mutating func run() throws(FerryError) {
        do throws(FerryError) {
            table = try PartitionTable(of: disk)
        } catch {
            try report(error, at: disk.geometry.wholeDisk, "The disk is copied whole.")
            return
        }
        findings += table.findings
        if table.kind == .none {
            try look(at: disk.geometry.wholeDisk, nil, believing: true)
            return
        }
        let isWholeToo = try hasFileSystemOfItsOwn()
        let doubtful = table.findings.filter { $0.code == .partitionsOverlap }.compactMap(\.extent)
        for partition in table.partitions.sorted(by: { $0.extent.start < $1.extent.start }) {
            let isDoubtful = isWholeToo || doubtful.contains { $0.intersection(partition.extent) != nil }
            try look(at: partition.extent, partition, believing: !isDoubtful)
        }
    }

    /// Whether a file system begins with the disk although there are partitions. One of the two is a remainder, and
    /// only the owner knows which.
    private mutating func hasFileSystemOfItsOwn() throws(FerryError) -> Bool {
        guard let probe = try? FileSystemProbe(disk, region: disk.geometry.wholeDisk),
            [.ext2, .ext3, .ext4, .xfs, .swap].contains(probe.kind)
        else { return false }
        findings.append(
            Finding(
                .partitionsOverlap,
                at: disk.geometry.wholeDisk,
                "There are partitions, and a file system (\(probe.kind.rawValue)) that begins with the disk: the disk is "
                    + "copied whole."
            )
        )
        return true
    }

    private mutating func look(at extent: Extent, _ partition: Partition?, believing: Bool) throws(FerryError) {
        let mount = mounted[extent]
        var region = RegionInspection(
            extent: extent,
            partition: partition,
            fileSystem: .unknown,
            mountPoint: mount?.mountPoint,
            used: extent.length,
            unused: .zero,
            source: .none
        )
        do throws(FerryError) {
            let probe = try FileSystemProbe(disk, region: extent)
            region.fileSystem = probe.kind
            region.label = probe.label
            region.uuid = probe.uuid
            if believing, let (map, source) = try map(of: probe, extent, mount) {
                try survey(map, source, &region)
            }
        } catch {
            region.unused = .zero
            region.used = extent.length
            region.source = .none
            try report(error, at: extent, "It is copied whole.")
        }
        regions.append(region)
    }

    private mutating func survey(
        _ map: any UsageMap,
        _ source: UsageSource,
        _ region: inout RegionInspection
    ) throws(FerryError) {
        var rounding = BlockRounding(disk.geometry)
        var unused = ByteCount.zero
        let found = try map.survey { run in rounding.add(run) { unused += $0.length } }
        rounding.finish { unused += $0.length }
        findings += found
        maps.append(map)
        region.unused = unused
        region.used = region.extent.length - unused
        region.source = source
    }

    /// The best map there is; nil, with a finding, if the region has to be copied whole.
    private mutating func map(
        of probe: FileSystemProbe,
        _ extent: Extent,
        _ mount: MountedFileSystem?
    ) throws(FerryError) -> (any UsageMap, UsageSource)? {
        if probe.isAmbiguous {
            note(.mapInconsistent, extent, "It looks like more than one file system")
            return nil
        }
        switch probe.kind {
        case .ext2, .ext3, .ext4:
            guard try trusts(try Ext4Superblock.state(probe.start), extent, mount) else { return nil }
            // The kernel's answers for smaller blocks and for clusters were wrong in several releases.
            if let mount, try Ext4Superblock.hasPlainBlocks(probe.start), let map = KernelMap(of: mount, region: extent)
            {
                return (map, .kernel)
            }
            guard isLastWord(extent, mount) else { return nil }
            return (try Ext4Map(of: disk, region: extent, isLive: mount != nil), .disk)
        case .xfs:
            if let mount, let map = KernelMap(of: mount, region: extent) { return (map, .kernel) }
            guard isLastWord(extent, mount) else { return nil }
            let map = try XFSMap(of: disk, region: extent, isLive: mount != nil)
            return try trusts(map, extent, mount) ? (map, .disk) : nil
        case .swap:
            if SwapMap.signature(probe.start)?.signature == .suspended {
                note(.hibernated, extent, "The swap area holds a suspended system")
                return nil
            }
            return (try SwapMap(probe.start, region: extent), .disk)
        case .unknown:
            return nil
        default:
            note(.copiedWhole, extent, "Ferry does not read the free space of \(probe.kind.rawValue)")
            return nil
        }
    }

    /// Whether what the disk says of free space can be as new as the files. While a file system is mounted, its bitmaps
    /// may stay in memory and in the journal for as long as they are in use: a file that was safely written long ago can
    /// lie in blocks that are free by them.
    private mutating func isLastWord(_ extent: Extent, _ mount: MountedFileSystem?) -> Bool {
        guard let mount, !mount.isReadOnly, !areFrozen else { return true }
        note(
            .copiedWhole,
            extent,
            "The kernel does not tell which blocks of \(mount.mountPoint) are free, and the disk may not while it is "
                + "mounted; a pass with --freeze leaves them out"
        )
        return false
    }

    /// Whether the bitmaps on the disk are the last word.
    private mutating func trusts(
        _ state: Ext4Superblock.State,
        _ extent: Extent,
        _ mount: MountedFileSystem?
    ) throws(FerryError) -> Bool {
        if !state.isKnown {
            note(.unknownFeature, extent, "The file system uses features Ferry does not know")
        } else if state.isMarkedBad {
            note(.mapInconsistent, extent, "The file system is marked as damaged")
        } else if mount == nil, state.needsRecovery || !state.isMarkedClean {
            note(.needsRecovery, extent, "The file system was not unmounted cleanly")
        } else {
            return true
        }
        return false
    }

    /// Whether the trees on the disk are the last word.
    private mutating func trusts(
        _ map: XFSMap,
        _ extent: Extent,
        _ mount: MountedFileSystem?
    ) throws(FerryError) -> Bool {
        if !map.superblock.isKnown {
            note(.unknownFeature, extent, "The file system uses features Ferry does not know")
        } else if map.superblock.needsRepair {
            note(.mapInconsistent, extent, "The file system is marked as damaged")
        } else if mount == nil {
            guard let isClean = try map.hasCleanLog() else {
                note(.needsRecovery, extent, "The file system's log is on another device, and may have to be replayed")
                return false
            }
            if !isClean { note(.needsRecovery, extent, "The file system was not unmounted cleanly") }
            return isClean
        } else {
            return true
        }
        return false
    }

    private mutating func note(_ code: Finding.Code, _ extent: Extent, _ text: String) {
        findings.append(Finding(code, at: extent, "\(text): it is copied whole."))
    }

    /// Turns a failure to understand a region into a finding; passes on what concerns the whole disk.
    private mutating func report(_ error: FerryError, at extent: Extent, _ effect: String) throws(FerryError) {
        guard error.code == .diskBadUsageMap || error.code == .diskReadFailed else { throw error }
        findings.append(DiskSurvey.finding(error, at: extent, effect))
    }

    static func finding(_ error: FerryError, at extent: Extent, _ effect: String) -> Finding {
        error.code == .diskBadUsageMap
            ? Finding(
                .mapInconsistent,
                at: extent,
                "The record of free space is not consistent: \(error.cause). \(effect)"
            )
            : Finding(
                .unreadable,
                at: extent,
                "Could not \(error.operation) \(error.subject): \(error.cause). \(effect)"
            )
    }
}
