import Testing

@testable import FerryLab

@Suite struct CloudConsoleTests {
    private func request(_ text: String) throws -> HTTPRequest { try #require(HTTPRequest(Array(text.utf8))) }

    @Test func allowanceIsInTheRecordsAndSaysWhenItTakesEffect() throws {
        let console = CloudConsole(ledger: CloudLedger())
        console.ledger.set(allowanceDelay: .seconds(3), isComplete: true)
        let body = "{\"source\": \"198.18.2.62\"}"
        let answer = console.answer(
            try request("POST /allowlist HTTP/1.1\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)")
        )
        #expect(answer.status == 200 && answer.body.contains("\"effectiveInSeconds\":3"))
        #expect(console.answer(try request("GET /blocks HTTP/1.1\r\n\r\n")).body.contains("198.18.2.62"))
    }

    @Test func instancesAreCounted() throws {
        let console = CloudConsole(ledger: CloudLedger())
        let body = "{\"created\": 30, \"released\": 12}"
        let text = "POST /instances HTTP/1.1\r\ncontent-length: \(body.utf8.count)\r\n\r\n\(body)"
        #expect(console.answer(try request(text)).body == "{\"created\":30,\"released\":12}")
        #expect(console.ledger.churn(since: 0) == 42)
    }

    @Test(arguments: [
        "POST /allowlist HTTP/1.1\r\nContent-Length: 2\r\n\r\n{}",
        "POST /allowlist HTTP/1.1\r\nContent-Length: 17\r\n\r\n{\"source\": \"abc\"}",
        "POST /instances HTTP/1.1\r\nContent-Length: 15\r\n\r\n{\"created\": -1}",
        "DELETE /blocks HTTP/1.1\r\n\r\n", "GET /../etc/passwd HTTP/1.1\r\n\r\n",
    ])
    func whatIsNoRequestOfTheConsoleIsToldSo(text: String) throws {
        let console = CloudConsole(ledger: CloudLedger())
        let answer = console.answer(try request(text))
        #expect(answer.status >= 400 && answer.body.contains("problem"))
    }

    @Test(arguments: ["", "GET", "GET / HTTP/1.1\r\n", "x\r\n\r\n", "GET / HTTP/1.1\r\nContent-Length: -4\r\n\r\n"])
    func whatIsNoRequestIsNotRead(text: String) { #expect(HTTPRequest(Array(text.utf8)) == nil) }
}
