import Foundation
import Testing

@testable import FerryStaging

@Suite struct MetricsTests {
    @Test func everyMetricHasItsHelpItsTypeAndANumber() async throws {
        try await HTTPFixture.with { fixture in
            StagingCounters.add(4096, to: fixture.counters.bytesReceived)
            try fixture.addVolume("web01", "sda")
            let reply = try HTTPClient.get("/metrics", port: fixture.port)
            #expect(reply.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8")
            #expect(reply.body.hasSuffix("\n"))
            let lines = reply.body.split(separator: "\n").map(String.init)
            #expect(lines.count % 3 == 0)
            var names: Set<String> = []
            for start in stride(from: 0, to: lines.count, by: 3) {
                let words = lines[start + 1].split(separator: " ").map(String.init)
                let name = words[2]
                #expect(lines[start].hasPrefix("# HELP \(name) "))
                #expect(words[0] == "#" && words[1] == "TYPE" && ["counter", "gauge"].contains(words[3]))
                #expect((words[3] == "counter") == name.hasSuffix("_total"), "\(name)")
                #expect(name.hasPrefix("ferry_staging_"))
                let sample = lines[start + 2].split(separator: " ")
                #expect(sample.count == 2 && sample[0].hasPrefix(name) && Double(sample[1]) != nil)
                #expect(names.insert(name).inserted, "\(name) is there twice")
            }
            #expect(lines.contains("ferry_staging_received_bytes_total 4096"))
            #expect(lines.contains("ferry_staging_volumes 1"))
            #expect(lines.contains("ferry_staging_data_writable 1"))
            #expect(lines.contains("ferry_staging_http_connections 1"))
        }
    }

    @Test func manualListsEveryMetricAndNoOther() async throws {
        let manual = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("docs/manual/http.md")
        let text = try String(contentsOf: manual, encoding: .utf8)
        let listed = Set(text.matches(of: /`(ferry_staging_[a-z_]+)`/).map { String($0.1) })
        try await HTTPFixture.with { fixture in
            try fixture.store.commit([])
            let told = try HTTPClient.get("/metrics", port: fixture.port).body.matches(of: /# TYPE ([a-z_]+)/)
            #expect(Set(told.map { String($0.1) }) == listed)
        }
    }

    @Test func labelsAreEscaped() {
        var text = MetricsText()
        text.label("x_info", "An x.", "x", "a\"b\\c\nd")
        #expect(text.text.hasSuffix("ferry_staging_x_info{x=\"a\\\"b\\\\c\\nd\"} 1\n"))
    }
}
