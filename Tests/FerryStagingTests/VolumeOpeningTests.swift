import FerryCore
import FerryImage
import Foundation
import Glibc
import Testing

@testable import FerryStaging

@Suite("Opening a volume that there was")
struct VolumeOpeningTests {
    private let fixture: VolumeFixture
    private var file: String { "\(fixture.data)/volumes/web01/sda.raw" }

    init() throws { fixture = try VolumeFixture() }

    private func setLength(_ count: Int) throws {
        let file = try FileHandle(forUpdating: URL(fileURLWithPath: file))
        try file.truncate(atOffset: UInt64(count))
        try file.close()
    }

    @Test func whoseFileIsMissingFailsAndMakesNoEmptyOne() throws {
        try fixture.restart { try FileManager.default.removeItem(atPath: file) }
        let error = failure { try fixture.open() }
        #expect(error?.code == .volumeMissing && error?.retry == .later)
        #expect(!FileManager.default.fileExists(atPath: file))
    }

    @Test func whoseFileIsBackGoesOnWithAllThatItHeld() throws {
        try fixture.restart { try FileManager.default.moveItem(atPath: file, toPath: "\(file).away") }
        #expect(failure { try fixture.open() }?.code == .volumeMissing)
        try FileManager.default.moveItem(atPath: "\(file).away", toPath: file)
        _ = try fixture.open()
        let outcome = try ReadBack.check(0..<4, of: fixture.volume, in: fixture.store.index, memory: WorkerMemory())
        #expect(outcome.wrong.isEmpty)
    }

    @Test func ofWhichTheIndexWasLostIsNotWrittenOver() throws {
        let before = try fixture.content()
        try fixture.restart { try FileManager.default.removeItem(atPath: "\(fixture.data)/index") }
        let error = failure { try fixture.open() }
        #expect(error?.code == .volumeMismatch && error?.retry == .later)
        #expect(try fixture.content() == before)
    }

    @Test func whichACrashLeftEmptyIsMadeAnew() throws {
        try fixture.restart {
            try FileManager.default.removeItem(atPath: "\(fixture.data)/index")
            try setLength(0)
            try setLength(fixture.size.int)
        }
        _ = try fixture.open()
        #expect(try fixture.content() == Data(count: fixture.size.int))
    }

    @Test func whichWasLeftTooLongByAServerThatEndedIsCut() throws {
        try fixture.makeGeneration()
        try fixture.restart { try setLength(fixture.size.int + 5_000_000) }
        #expect(try fixture.catalog.verify("web01/sda").agreesWithGeneration)
        _ = try fixture.open()
        #expect(try fixture.content().count == fixture.size.int)
        #expect(try fixture.catalog.verify("web01/sda").agreesWithGeneration)
    }

    @Test func whichIsCopiedWhileItIsTooLongIsCopiedInItsSize() throws {
        let before = try fixture.content()
        try fixture.makeGeneration()
        try fixture.restart { try setLength(fixture.size.int + 5_000_000) }
        _ = try fixture.catalog.snapshot("web01/sda", to: fixture.path("copy"))
        #expect(try fixture.bytes(of: "copy") == before)
    }

    @Test func whichHasBeenCutShortIsRefused() throws {
        try fixture.restart { try setLength(fixture.size.int - 4096) }
        #expect(failure { try fixture.open() }?.code == .volumeMismatch)
        #expect(try fixture.content().count == fixture.size.int - 4096)
    }

    @Test(arguments: [ByteCount.mebibytes(2) + ByteCount(99), .mebibytes(9)])
    func getsTheSizeThatItsDiskHasNow(size: ByteCount) throws {
        let resized = try fixture.open(size: size)
        #expect(resized.size == size && resized.record.size == size.bytes)
        #expect(try fixture.content().count == size.int)
        try fixture.restart()
        #expect(try fixture.open(size: size).size == size)
        // What lies wholly within both sizes is still known.
        let known = try fixture.store.index.read { reading in
            try (0..<4).map { try fixture.volume.regionRecord(UInt32($0), reading) != nil }
        }
        #expect(known == (size < fixture.size ? [true, true, false, false] : [true, true, true, false]))
    }

    @Test func getsItsSizeThoughAnEarlierAttemptEndedHalfWay() throws {
        let size = ByteCount.mebibytes(2)
        var record = fixture.volume.record
        record.size = size.bytes
        let bytes = try IndexCoding.encode(record)
        try fixture.store.index.write { try $0.put(.volumes, VolumeRecord.key(job: "web01", disk: "sda"), bytes) }
        #expect(try fixture.open(size: size).size == size)
        #expect(try fixture.content().count == size.int)
    }

    @Test func toReadItMakesNothingAndSaysWhatIsMissing() throws {
        try fixture.makeGeneration()
        try fixture.restart { try FileManager.default.removeItem(atPath: file) }
        #expect(failure { try fixture.catalog.verify("web01/sda") }?.code == .volumeMissing)
        #expect(!FileManager.default.fileExists(atPath: file))
    }

    @Test func asADeviceIsRefusedWhereItWasMadeAsAFile() throws {
        try fixture.restart(devices: ["web01/sda": "/dev/null"])
        #expect(failure { try fixture.open() }?.code == .volumeMismatch)
    }

    @Test func onAFileThatIsNoDeviceIsRefusedAndTheFileLeftAlone() throws {
        let path = fixture.path("letter")
        try Data([1, 2, 3]).write(to: URL(fileURLWithPath: path))
        try fixture.restart(devices: ["web01/sdb": path, "web01/sdc": fixture.path("none")])
        for (disk, code) in [("sdb", ErrorCode.volumeMismatch), ("sdc", .volumeMissing)] {
            let error = failure {
                try fixture.store.openVolume(
                    job: JobID("web01"),
                    disk: DiskName(disk),
                    size: fixture.size,
                    identity: "",
                    cutRule: 1
                )
            }
            #expect(error?.code == code)
        }
        #expect(try fixture.bytes(of: "letter") == Data([1, 2, 3]))
        #expect(try fixture.files == ["letter"])
    }

    @Test func isNotGivenUpForLackOfDescriptors() {
        for number in [EMFILE, ENFILE] {
            let error = VolumeStorage.failure("open", "x", number)
            #expect(error.code == .volumeFailed && error.retry == .later && error.advice.contains("LimitNOFILE"))
        }
        #expect(VolumeStorage.failure("open", "x", EIO).retry == .permanent)
    }

    @Test func isReadThroughThePageCacheOnlyWhereItCannotBeReadPastIt() {
        #expect(VolumeStorage.forbidsDirect(EINVAL) && VolumeStorage.forbidsDirect(EOPNOTSUPP))
        for number in [EIO, EMFILE, ENFILE, ENOMEM, EACCES, ENXIO, EINTR] {
            #expect(!VolumeStorage.forbidsDirect(number), "\(String(cString: strerror(number)))")
        }
    }
}
