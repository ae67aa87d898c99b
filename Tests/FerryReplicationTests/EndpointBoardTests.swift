import FerryAddress
import NIOCore
import Testing

@testable import FerryReplication

struct EndpointBoardTests {
    private let now = NIODeadline.uptimeNanoseconds(1_000_000_000_000)

    private func board(_ count: Int) throws -> EndpointBoard {
        EndpointBoard(try (1...count).map { try EndpointAddress(parsing: "192.0.2.\($0):8703") })
    }

    @Test func waitsForTheFirstLaneBeforeItOpensMore() throws {
        var board = try board(1)
        board.began(0)
        #expect(board.next(at: now).index == nil && board.next(at: now).wait == nil)
        board.opened(0)
        #expect(board.next(at: now).index == 0)
        board.began(0)
        #expect(board.next(at: now).index == 0, "a way that is well may be tried several times at once")
    }

    @Test func triesOneAtATimeAfterAFailure() throws {
        var board = try board(1)
        for _ in 0..<2 { board.began(0) }
        board.opened(0)
        board.ended(0, wasOpen: false, at: now)
        let wait = try #require(board.next(at: now).wait)
        #expect(wait > .zero && wait < .seconds(1))
        let later = now + .seconds(1)
        #expect(board.next(at: later).index == 0)
        board.began(0)
        #expect(board.next(at: later).index == nil && board.next(at: later).wait == nil)
        board.worked(0)
        #expect(board.next(at: later).index == 0)
    }

    @Test func goesToTheNextEndpointWhileOneIsTried() throws {
        var board = try board(2)
        board.began(0)
        #expect(board.next(at: now).index == 1)
        board.began(1)
        #expect(board.next(at: now).index == nil)
        board.ended(1, wasOpen: false, at: now)
        #expect(board.next(at: now).wait.map { $0 > .zero } == true)
    }
}
