import FerryCore
import Testing

@testable import FerryStaging

@Suite("What the HTTP service tells") struct StatusLimitsTests {
    @Test func passOfADiskIsToldWhateverTheIndexHolds() throws {
        let folder = try Folder()
        let store = try StagingStore(directory: folder.path)
        let made = try store.openVolume(
            job: JobID("web01"),
            disk: DiskName("sda"),
            size: .mebibytes(4),
            identity: "x",
            cutRule: 1
        )
        var record = made.record
        record.lastPass = .max
        let volume = Volume(record: record, storage: made.storage, isFresh: false)
        let disk = SessionsSnapshot.Disk(volume, 0, JobSession(job: try JobID("web01"), epoch: 1), isReceiving: false)
        #expect(disk.pass == .max)
    }

    @Test func dataDirectoryIsTriedOnceASecondAndAFailureEachTime() {
        let trials = WriteTrials()
        let failure = FerryError(.stagingData, operation: "a", subject: "b", cause: "c", advice: "d")
        var count = 0
        for _ in 0..<3 {
            let trouble = trials.trouble {
                count += 1
                return failure
            }
            #expect(trouble != nil)
        }
        #expect(count == 3)
        for _ in 0..<100 {
            _ = trials.trouble {
                count += 1
                return nil
            }
        }
        #expect(count == 4)
    }
}
