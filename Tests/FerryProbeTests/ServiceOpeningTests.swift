import FerryEvidence
import Testing

@testable import FerryProbe

@Suite struct ServiceOpeningTests {
    @Test(arguments: ["192.0.2.1", "a-name-of-some-length.staging.example-of-a-cloud.net", "2001:db8::1"])
    func requestIsAsLongAsItSaysWithItsBody(host: String) throws {
        for bytes in Array(250...1400) + [9_999, 10_000, 10_200, 100_150, 100_200, 1 << 20, 8 << 20] {
            let plan = ProbePlan(id: "p", vantage: "v", host: host, port: 8080, speaks: .http)
            let head = String(decoding: ServiceOpening(plan).realHead(bytes: bytes), as: UTF8.self)
            let field = try #require(head.split(separator: "\r\n").first { $0.hasPrefix("Content-Length:") })
            let length = try #require(Int(field.dropFirst("Content-Length:".count).filter { $0 != " " }))
            #expect(head.utf8.count + length == bytes, "\(bytes) bytes: \(head)")
        }
    }

    @Test(arguments: ["192.0.2.1", "staging.example.net", "2001:db8::1"], [0, 300, 2000, 8192])
    func helloIsWholeAndNamesTheHostOnlyIfItHasAName(host: String, bytes: Int) {
        let payload = bytes > 0 ? ProbePayload(.real, bytes: bytes) : nil
        var plan = ProbePlan(id: "p", vantage: "v", host: host, port: 443, speaks: .tls)
        plan.payload = payload
        let hello = ServiceOpening(plan).question
        if bytes > 0 { #expect(hello.count == bytes) }
        // The record and the message in it say how long they are.
        #expect(Int(hello[3]) << 8 | Int(hello[4]) == hello.count - 5)
        #expect(hello[5] == 1 && Int(hello[7]) << 8 | Int(hello[8]) == hello.count - 9)
        #expect(String(decoding: hello, as: UTF8.self).contains(host) == (host == "staging.example.net"))
    }

    @Test(arguments: [
        ("Ferry-Observed-Source: 203.0.113.62:41234", "203.0.113.62:41234"),
        ("ferry-observed-source:[2001:db8::1]:41234", "[2001:db8::1]:41234"),
        ("Ferry-Observed-Source: somewhere:41234", nil),
        ("Ferry-Observed-Source: 203.0.113.62", nil),
        ("Ferry-Observed-Source: 203.0.113.62:41234\u{1B}[2J", nil),
        ("X-Ferry-Observed-Source: 203.0.113.62:41234", nil),
    ])
    func httpServiceTellsByWhichAddressItSeesItsClient(field: String, expected: String?) {
        var words = ServiceWords(.http)
        words.hear(Array("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\(field)\r\n\r\n".utf8))
        #expect(words.observedSource == expected)
        var others = ServiceWords(.rsync)
        others.hear(Array("@RSYNCD: 31.0\n\(field)\n".utf8))
        #expect(others.observedSource == nil)
    }
}
