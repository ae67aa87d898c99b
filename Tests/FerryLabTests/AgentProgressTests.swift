import FerryCore
import Testing

@testable import FerryLab

@Suite struct AgentProgressTests {
    private let events = """
        {"time":"2026-01-01T00:00:00Z","event":"progress","job":"a","sentBytes":100,"contentBytes":90,"alreadyThereBytes":5}
        not an event
        {"event":"lane-ended","says":"it was reset","code":"lane.ended"}
        {"event":"progress","sentBytes":300,"interruptions":1}
        {"event":"verified","disk":"sda","pass":1,"generation":1,"root":"00"}

        """

    @Test func lastValuesCount() {
        var progress = AgentProgress()
        progress.take(Array(events.utf8))
        #expect(progress.sentBytes == 300 && progress.contentBytes == 90 && progress.alreadyThereBytes == 5)
        #expect(progress.interruptions == 1 && progress.generations == ["sda": 1])
        #expect(progress.lastTrouble == "it was reset")
    }

    @Test(arguments: [1, 7, 64]) func piecesGiveTheSameAsTheWhole(size: Int) {
        var (whole, pieces) = (AgentProgress(), AgentProgress())
        let bytes = Array(events.utf8)
        whole.take(bytes)
        for start in stride(from: 0, to: bytes.count, by: size) {
            pieces.take(Array(bytes[start..<min(start + size, bytes.count)]))
        }
        #expect(pieces == whole)
    }

    @Test func lineThatIsNotFinishedDoesNotCountYet() {
        var progress = AgentProgress()
        progress.take(Array(#"{"event":"verified","disk":"sda","generation":2}"#.utf8))
        #expect(progress.generations.isEmpty)
        progress.take([0x0A])
        #expect(progress.generations == ["sda": 2])
    }
}
