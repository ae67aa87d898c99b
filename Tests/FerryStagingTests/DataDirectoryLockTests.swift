import FerryCore
import Testing

@testable import FerryStaging

@Suite("A data directory")
struct DataDirectoryLockTests {
    @Test func isForOneServerAtATime() throws {
        let folder = try Folder()
        do {
            let first = try StagingStore(directory: folder.path)
            let error = failure { try StagingStore(directory: folder.path) }
            #expect(error?.code == .stagingData && error?.cause.contains("another `ferry staging serve`") == true)
            #expect(first.directory == folder.path)
        }
        _ = try StagingStore(directory: folder.path)
    }
}
