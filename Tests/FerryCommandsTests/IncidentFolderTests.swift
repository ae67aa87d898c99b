import FerryCore
import Testing

@testable import FerryCommands

@Suite struct IncidentFolderTests {
    @Test(arguments: [
        ("/dev/null/incident", "Not a directory"), ("/proc/no-such-parent/incident", "No such file or directory"),
    ])
    func folderThatCannotBeMadeIsNotSaidToBeFull(path: String, cause: String) throws {
        let error = try #require(throws: FerryError.self) { try IncidentFolder(path, goesOn: false) }
        #expect(error.code.text == "diagnose.incident" && error.cause == cause)
        #expect(error.advice == "See whether you may write there, or choose another with --incident.")
    }
}
