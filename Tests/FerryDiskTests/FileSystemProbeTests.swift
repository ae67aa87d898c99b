import FerryCore
import Testing

@testable import FerryDisk

@Suite struct FileSystemProbeTests {
    /// Magic numbers of formats whose tools need a device of their own, at the places where libblkid looks.
    static let magics: [(FileSystemKind, [(Int, [UInt8])])] = [
        (.lvm2, [(512, Array("LABELONE".utf8)), (536, Array("LVM2 001".utf8))]),
        (.mdraid, [(4096, [0xFC, 0x4E, 0x2B, 0xA9])]), (.mdraid, [(0, [0xFC, 0x4E, 0x2B, 0xA9])]),
        (.luks, [(0, [0x4C, 0x55, 0x4B, 0x53, 0xBA, 0xBE, 0, 2])]), (.iso9660, [(0x8001, Array("CD001".utf8))]),
        (.squashfs, [(0, Array("hsqs".utf8))]), (.f2fs, [(1024, [0x10, 0x20, 0xF5, 0xF2])]),
        (.reiserfs, [(0x10034, Array("ReIsEr2Fs".utf8))]), (.exfat, [(3, Array("EXFAT   ".utf8))]), (.unknown, []),
    ]

    private func disk(_ patches: [(Int, [UInt8])]) -> MemoryDisk {
        var bytes = [UInt8](repeating: 0, count: 1 << 18)
        for (offset, patch) in patches { bytes.replaceSubrange(offset..<(offset + patch.count), with: patch) }
        return MemoryDisk(bytes)
    }

    @Test(arguments: magics)
    func formatIsNamedAndAllInUse(kind: FileSystemKind, patches: [(Int, [UInt8])]) throws {
        let usage = try DiskUsage(of: disk(patches), mounts: MountTable(mounts: []))
        #expect(usage.inspection.regions.map(\.fileSystem) == [kind])
        #expect(usage.inspection.unused == .zero)
        #expect(usage.inspection.findings.map(\.code) == (kind == .unknown ? [] : [.copiedWhole]))
    }

    @Test func remainsOfAnotherFileSystemLeaveNothingToRelyOn() throws {
        let swap: [(Int, [UInt8])] = [(4086, Array("SWAPSPACE2".utf8)), (1024, [1, 0, 0, 0, 63])]
        let clean = try DiskUsage(of: disk(swap), mounts: MountTable(mounts: []))
        #expect(clean.inspection.used == .kibibytes(4))
        let mixed = try DiskUsage(of: disk(swap + [(0x10040, Array("_BHRfS_M".utf8))]), mounts: MountTable(mounts: []))
        #expect(mixed.inspection.findings.map(\.code) == [.mapInconsistent])
        #expect(mixed.inspection.unused == .zero)
    }

    @Test func regionShorterThanAnyMagicIsUnknown() throws {
        let disk = MemoryDisk([UInt8](repeating: 0xA5, count: 8192))
        for length in [512, 1024, 4096] as [UInt64] {
            let probe = try FileSystemProbe(disk, region: Extent(start: .kibibytes(1), length: ByteCount(length)))
            #expect(probe.kind == .unknown)
        }
    }
}
