import Foundation
import Testing

@testable import FerryCommands

@Suite(.timeLimit(.minutes(5)))
struct BoundedCommandTests {
    private static func run(_ text: String, seconds: Double = 30, most: Int = 1000) -> BoundedCommand.Ending {
        BoundedCommand(words: ["/bin/sh", "-c", text], folder: "/", most: most, seconds: seconds).run()
    }

    /// Whether the process with the number that the file `path` has goes on; one that nobody has asked how it ended does not.
    private static func goesOn(_ path: String) throws -> Bool {
        let number = try String(contentsOfFile: path, encoding: .utf8).filter { $0 != "\n" }
        try #require(!number.isEmpty)
        guard let state = try? String(contentsOfFile: "/proc/\(number)/stat", encoding: .utf8) else { return false }
        return !state.contains(") Z ")
    }

    @Test func whatItPrintsInItsFolderIsTaken() {
        #expect(Self.run("pwd") == .said(Data("/\n".utf8)))
        let named = BoundedCommand(words: ["echo", "a b"], folder: nil, most: 1000, seconds: 30)
        #expect(named.run() == .said(Data("a b\n".utf8)))
    }

    @Test func howItFailedIsSaid() {
        #expect(Self.run("exit 3") == .failed(3))
        #expect(Self.run("kill -9 $$") == .killed(9))
        #expect(Self.run("yes", most: 10_000) == .unfinished)
        let missing = BoundedCommand(words: ["/no/such/program"], folder: nil, most: 1, seconds: 30).run()
        guard case .notStarted = missing else {
            Issue.record("\(missing)")
            return
        }
    }

    @Test func whatNobodyWaitsForAnyMoreIsEnded() {
        let command = BoundedCommand(words: ["/bin/sh", "-c", "sleep 300"], folder: nil, most: 1000, seconds: 300)
        var times = 0
        let ending = command.run {
            times += 1
            return times > 2
        }
        #expect(ending == .unfinished)
    }

    @Test(arguments: [
        // It says that there is no more, and goes on.
        "echo $$ > FILE; echo {}; exec >&-; sleep 300",
        // Its child keeps what it prints to.
        "sleep 300 & echo $! > FILE; echo {}",
        // Neither wants to end.
        "trap '' TERM; (trap '' TERM; echo {}; exec sleep 300) & echo $! > FILE; exec >&-; wait",
    ])
    func whatDoesNotEndIsEndedWithItsChildren(command: String) async throws {
        let path = FileManager.default.temporaryDirectory.path + "/ferry-command-\(UInt64.random(in: 0 ... .max))"
        defer { try? FileManager.default.removeItem(atPath: path) }
        let text = command.replacingOccurrences(of: "FILE", with: path)
        #expect(Self.run(text, seconds: 1) == .unfinished)
        while try Self.goesOn(path) { try await Task.sleep(for: .milliseconds(50)) }
    }
}
