import FerryCore
import Foundation
import Testing

@testable import FerryDisk

@Suite(.enabled(if: Tool.has("sfdisk", "sgdisk"), Tool.missing("sfdisk", "sgdisk")))
struct PartitionTableTests {
    private let scratch: Scratch
    private let image: String

    init() throws {
        scratch = try Scratch()
        image = try scratch.image(mebibytes: 64)
    }

    private func table() throws -> PartitionTable { try PartitionTable(of: Disk(path: image)) }

    private func sectors(_ first: UInt64, _ count: UInt64) -> Extent {
        Extent(start: ByteCount(first * 512), length: ByteCount(count * 512))
    }

    private func patch(_ offset: Int, _ bytes: [UInt8]) throws {
        let handle = try #require(FileHandle(forWritingAtPath: image))
        try handle.seek(toOffset: UInt64(offset))
        try handle.write(contentsOf: bytes)
        try handle.close()
    }

    @Test func blankDiskHasNoTable() throws {
        #expect(try table() == PartitionTable(kind: .none))
    }

    @Test func logicalPartitionsAreNumberedFromFive() throws {
        let script = """
            label: dos
            label-id: 0x1234abcd
            start=2048, size=4096, type=83
            start=8192, size=90112, type=5
            start=10240, size=4096, type=82
            start=16384, size=8192, type=83
            start=30720, size=2048, type=8e
            start=100352, size=4096, type=c
            """
        try Tool.run("sfdisk", "-q", image, input: script)
        let found = try table()
        #expect(found.kind == .mbr)
        #expect(found.diskID == "1234abcd")
        #expect(found.findings == [])
        let listed = try Tool.run("sfdisk", "-d", image).split(separator: "\n").compactMap(dumped)
            .filter { $0.type != "0x05" }
        #expect(listed.count == 5)
        #expect(found.partitions.sorted { $0.number < $1.number } == listed)
    }

    /// A line of `sfdisk -d`: `image5 : start= 10240, size= 4096, type=82`.
    private func dumped(_ line: Substring) -> Partition? {
        guard line.hasPrefix(image), let colon = line.range(of: " : "),
            let number = Int(line[line.index(line.startIndex, offsetBy: image.count)..<colon.lowerBound])
        else { return nil }
        var values: [Substring: Substring] = [:]
        for field in line[colon.upperBound...].split(separator: ",") {
            let parts = field.split(separator: "=").map { $0.drop { $0 == " " } }
            if parts.count == 2 { values[parts[0]] = parts[1] }
        }
        guard let start = values["start"].flatMap({ UInt64($0) }), let size = values["size"].flatMap({ UInt64($0) }),
            let type = values["type"]
        else { return nil }
        return Partition(
            number: number,
            extent: sectors(start, size),
            type: "0x" + (type.count < 2 ? "0" : "") + type
        )
    }

    @Test func chainThatRunsInACircleEnds() throws {
        let script =
            "label: dos\nstart=8192, size=90112, type=5\nstart=10240, size=4096, type=83\n"
            + "start=16384, size=4096, type=83\n"
        try Tool.run("sfdisk", "-q", image, input: script)
        let first = try table()
        #expect(first.partitions.count == 2)
        // The second link is made to lead to the first: offset 0 from the start of the extended partition.
        let second = Int(first.partitions[1].extent.start.bytes / 512) - 2048
        try patch(second * 512 + 446 + 16, [0, 0, 0, 0, 5, 0, 0, 0, 0, 0, 0, 0, 0, 16, 0, 0])
        let found = try table()
        #expect(found.findings.map(\.code) == [.badExtendedPartition])
        #expect(found.partitions.count == 2)
    }

    @Test func guidTableIsReadAsItWasWritten() throws {
        try makeGUIDTable()
        let found = try table()
        #expect(found.kind == .gpt)
        #expect(found.diskID == "11111111-2222-3333-4444-555555555555")
        #expect(found.findings == [])
        #expect(
            found.partitions == [
                Partition(
                    number: 1,
                    extent: sectors(2048, 2048),
                    type: "21686148-6449-6e6f-744e-656564454649",
                    guid: "aaaaaaaa-0000-4000-8000-000000000001"
                ),
                Partition(
                    number: 3,
                    extent: sectors(8192, 65536),
                    type: "0fc63daf-8483-4772-8e79-3d69d8477de4",
                    guid: "aaaaaaaa-0000-4000-8000-000000000003",
                    name: "root größe"
                ),
            ]
        )
    }

    private func makeGUIDTable() throws {
        try Tool.run(
            "sgdisk",
            "-U",
            "11111111-2222-3333-4444-555555555555",
            "-n",
            "1:2048:+1M",
            "-t",
            "1:ef02",
            "-u",
            "1:AAAAAAAA-0000-4000-8000-000000000001",
            "-n",
            "3:8192:+32M",
            "-t",
            "3:8300",
            "-c",
            "3:root größe",
            "-u",
            "3:AAAAAAAA-0000-4000-8000-000000000003",
            image
        )
    }

    @Test(arguments: [512 + 8, 512 + 16, 512 + 40, 1024 + 3, 512])
    func damagedPrimaryIsReplacedByTheBackup(offset: Int) throws {
        try makeGUIDTable()
        let before = try table()
        try patch(offset, [0xFF])
        let after = try table()
        #expect(after.partitions == before.partitions)
        #expect(after.findings.map(\.code) == [.gptPrimaryDamaged])
    }

    @Test func damagedBackupIsToldAndNotUsed() throws {
        try makeGUIDTable()
        let before = try table()
        try patch((64 << 20) - 512, [0])
        let after = try table()
        #expect(after.partitions == before.partitions)
        #expect(after.findings.map(\.code) == [.gptBackupDamaged])
    }

    @Test func withoutAnyCopyTheDiskIsCopiedWhole() throws {
        try makeGUIDTable()
        try patch(512 + 16, [1, 2, 3, 4])
        try patch((64 << 20) - 512 + 16, [1, 2, 3, 4])
        let disk = try Disk(path: image)
        let usage = try DiskUsage(of: disk, mounts: MountTable(mounts: []))
        #expect(usage.inspection.findings.map(\.code) == [.gptPrimaryDamaged, .gptUnusable])
        #expect(usage.usedExtents(in: disk.geometry.wholeDisk) == [disk.geometry.wholeDisk])
    }

    @Test func tableWithoutProtectiveRecordIsIgnoredAsTheKernelDoes() throws {
        try makeGUIDTable()
        try patch(510, [0, 0])
        #expect(try table().partitions == [])
    }

    @Test func foreignPartitionOfAHybridRecordMakesItsNeighboursDoubtful() throws {
        try makeGUIDTable()
        try Tool.run("sgdisk", "-h", "3", image)
        #expect(try table().findings.map(\.code) == [.hybridMBR])
        // The MBR's copy of partition 3 is made to begin a sector later.
        let record = try Data(contentsOf: URL(fileURLWithPath: image)).prefix(512)
        let slot = try #require((0..<4).first { record[446 + $0 * 16 + 4] == 0x83 })
        try patch(446 + slot * 16 + 8, [1, 0x20, 0, 0])
        #expect(try table().findings.map(\.code) == [.hybridMBR, .partitionsOverlap])
    }

    @Test func overlappingAndEndlessPartitionsAreToldAndNotBelieved() throws {
        try Tool.run(
            "sfdisk",
            "-q",
            image,
            input: "label: dos\nstart=2048, size=40960, type=83\nstart=43008, size=8192, type=83\n"
        )
        try Tool.run("mke2fs", "-q", "-F", "-E", "offset=1048576", image, "20M")
        let good = try DiskUsage(of: Disk(path: image), mounts: MountTable(mounts: []))
        #expect(good.inspection.unused > .mebibytes(10))
        #expect(good.inspection.findings == [])
        // The second begins inside the first; a third reaches beyond the end.
        try patch(446 + 16 + 8, [0, 0x10, 0, 0])
        try patch(446 + 32, [0, 0, 0, 0, 0x83, 0, 0, 0, 0, 0, 2, 0, 0, 0, 1, 0])
        let bad = try DiskUsage(of: Disk(path: image), mounts: MountTable(mounts: []))
        #expect(Set(bad.inspection.findings.map(\.code)) == [.partitionsOverlap, .partitionOutOfRange])
        #expect(bad.inspection.unused == .zero)
        #expect(bad.inspection.regions.map(\.extent.length) == [.mebibytes(20), .mebibytes(4)])
    }

    @Test func entriesOfOtherSizesAndSectorsOf4096AreRead() throws {
        for (sector, entry) in [(512, 256), (4096, 128), (4096, 512)] {
            let bytes = HandMadeGPT(sectorSize: sector, entrySize: entry, sectors: (16 << 20) / sector).bytes
            try Data(bytes).write(to: URL(fileURLWithPath: image))
            let found = try table()
            #expect(found.kind == .gpt)
            #expect(found.findings == [])
            #expect(found.partitions.map(\.extent) == [Extent(start: .mebibytes(1), length: .mebibytes(2))])
        }
    }

    @Test func gptOfADiskSmallerThanASectorOf4096IsUnusable() throws {
        var bytes = [UInt8](repeating: 0, count: 2048)
        bytes[446 + 4] = 0xEE
        bytes[446 + 12] = 3
        bytes[510] = 0x55
        bytes[511] = 0xAA
        let found = try PartitionTable(of: MemoryDisk(bytes))
        #expect(found.kind == .gpt)
        #expect(found.findings.map(\.code) == [.gptPrimaryDamaged, .gptUnusable])
    }
}
