import FerryCore
import FerryDiagnosis
import Foundation
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

    private static func inFolder(_ body: (String) throws -> Void) throws {
        let path = FileManager.default.temporaryDirectory.path + "/ferry-incident-\(UInt64.random(in: 0 ... .max))"
        defer { try? FileManager.default.removeItem(atPath: path) }
        try body(path)
    }

    private static func records(_ path: String) throws -> String {
        try String(contentsOfFile: "\(path)/records.jsonl", encoding: .utf8)
    }

    @Test func folderOfADiagnosisThatGoesOnIsNobodyElses() throws {
        try Self.inFolder { path in
            let first = try IncidentFolder(path, goesOn: false)
            try first.append(IncidentEntry(at: 1))
            let kept = try Self.records(path)
            for goesOn in [false, true] {
                let error = try #require(throws: FerryError.self) { try IncidentFolder(path, goesOn: goesOn) }
                #expect(error.code.text == "diagnose.incident-in-use")
            }
            try first.append(IncidentEntry(at: 2))
            #expect(try Self.records(path).hasPrefix(kept))
            #expect(try Self.records(path).split(separator: "\n").count == 2)
        }
    }

    @Test func whoGoesOnKeepsWholeLinesAndCutsTheLastOne() throws {
        try Self.inFolder { path in
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
            try Data("{\"at\":1}\n{\"at\":2".utf8).write(to: URL(fileURLWithPath: "\(path)/records.jsonl"))
            let folder = try IncidentFolder(path, goesOn: true)
            try folder.append(IncidentEntry(at: 3))
            let lines = try Self.records(path).split(separator: "\n")
            #expect(lines.count == 2 && lines[0] == "{\"at\":1}")
        }
    }

    @Test func oneOfManyThatBeginAtTheSameTimeGetsTheFolder() async throws {
        let path = FileManager.default.temporaryDirectory.path + "/ferry-incident-\(UInt64.random(in: 0 ... .max))"
        defer { try? FileManager.default.removeItem(atPath: path) }
        let folders = await withTaskGroup(of: IncidentFolder?.self) { group in
            for number in 0..<8 {
                group.addTask {
                    let folder = try? IncidentFolder(path, goesOn: false)
                    try? folder?.append(IncidentEntry(at: Double(number)))
                    return folder
                }
            }
            var folders: [IncidentFolder] = []
            for await case let folder? in group { folders.append(folder) }
            return folders
        }
        #expect(folders.count == 1)
        #expect(try Self.records(path).split(separator: "\n").count == 1)
    }
}
