import FerryCore
import FerryEvidence
import Synchronization
import Testing

@testable import FerryProbe

/// Watches of a vantage that does not answer.
@Suite(.timeLimit(.minutes(5)))
struct UnansweredWatchTests {
    private let plan = WatchPlan(id: "w1", vantage: "v", host: "192.0.2.1", ports: [9], limitSeconds: 60)

    /// Keeps what is asked; says that a watch has begun, or nothing.
    private final class Listener: VantageLink {
        let asked = Mutex<[JSONValue]>([])
        private let connection: VantageConnection
        private let begins: Bool

        init(_ connection: VantageConnection, begins: Bool) {
            self.connection = connection
            self.begins = begins
        }

        func send(_ line: String) {
            guard let value = try? JSONValue(parsing: Array(line.utf8), from: "a test") else { return }
            asked.withLock { $0.append(value) }
            guard begins, value["watch"] != nil, let id = value["id"]?.integer else { return }
            var answer = VantageAnswer(id: Int(id))
            answer.began = true
            _ = connection.receive(Array(JSONValue(encoding: answer).json.utf8))
        }

        func close() {}
    }

    @Test func watchThatWasGivenUpIsEndedThere() async {
        let connection = VantageConnection(reach: "tls://v.example:1", grace: 0.05)
        let link = Listener(connection, begins: false)
        connection.use(link)
        #expect(await connection.watch(plan)?.contains("has not answered in time") == true)
        let asked = link.asked.withLock { $0 }
        #expect(asked.map { $0["endWatch"]?.text } == [nil, "w1"])
        #expect(Set(asked.compactMap { $0["id"]?.integer }).count == 2)
        #expect(!connection.isGone)
        // The second one in a row.
        _ = await connection.watch(plan)
        #expect(connection.isGone)
    }

    @Test func endsOfWatchesThatAreNotAnsweredCountToo() async {
        let connection = VantageConnection(reach: "tls://v.example:1", grace: 0.05)
        connection.use(Listener(connection, begins: true))
        var second = plan
        second.id = "w2"
        #expect(await connection.watch(plan) == nil)
        #expect(await connection.watch(second) == nil)
        #expect(await connection.endWatch("w1").vantageProblem?.contains("has not answered in time") == true)
        #expect(!connection.isGone)
        _ = await connection.endWatch("w2")
        #expect(connection.isGone)
    }
}
